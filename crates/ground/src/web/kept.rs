//! What was made from data that rarely changes, kept in memory until the data has another version.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// Kept things by name. Each is one version of one type.
#[derive(Default)]
pub struct Kept(Mutex<HashMap<&'static str, Entry>>);

struct Entry {
    version: String,
    thing: Arc<dyn Any + Send + Sync>,
}

impl Kept {
    /// The thing kept under `name`, if it is of this version.
    pub fn get<T: Send + Sync + 'static>(&self, name: &'static str, version: &str) -> Option<Arc<T>> {
        let kept = self.lock();
        let entry = kept.get(name).filter(|entry| entry.version == version)?;
        Arc::clone(&entry.thing).downcast().ok()
    }

    /// Keeps `thing` under `name` in the place of an older version.
    pub fn keep<T: Send + Sync + 'static>(&self, name: &'static str, version: String, thing: T) -> Arc<T> {
        let thing = Arc::new(thing);
        self.lock().insert(name, Entry { version, thing: thing.clone() });
        thing
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<&'static str, Entry>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_kept_until_its_data_has_another_version() {
        let kept = Kept::default();
        kept.keep("list", "1".into(), vec![1, 2]);
        assert_eq!(kept.get::<Vec<i32>>("list", "1").as_deref(), Some(&vec![1, 2]));
        assert_eq!(kept.get::<Vec<i32>>("list", "2"), None);
        kept.keep("list", "2".into(), vec![3]);
        assert_eq!(kept.get::<Vec<i32>>("list", "1"), None);
        assert_eq!(kept.get::<String>("list", "2"), None);
    }
}
