//! The three ways in which something does not happen: wrong fields, a refusal by rule, a fault of ours.
//! Which page and HTTP status they become is known to `web::problem` alone.

use std::error::Error;
use std::fmt;

/// A way onward from a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onward {
    /// What the link says.
    pub label: String,
    /// A path of this service.
    pub href: String,
}

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// There is no such thing, or none that this person may know of. The two look alike.
    NotFound,
    /// The person may know of it but may not do this.
    Forbidden,
    /// It cannot be done in the present state.
    Conflict,
    /// Too often; later is possible.
    TooMany,
    /// Somebody has to sign in first.
    SignIn,
    /// The service is too busy at this moment.
    Busy,
}

/// An answer "no" by a rule, in plain words, with what is possible instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub kind: RefusalKind,
    /// A stable short name for tests and logs, in kebab-case.
    pub code: &'static str,
    /// What the person reads: why not, and what can be done.
    pub sentence: String,
    /// Links onward.
    pub onward: Vec<Onward>,
}

impl Refusal {
    fn new(kind: RefusalKind, code: &'static str, sentence: impl Into<String>) -> Self {
        Self { kind, code, sentence: sentence.into(), onward: Vec::new() }
    }

    /// There is no such thing for this person.
    pub fn not_found(code: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(RefusalKind::NotFound, code, sentence)
    }

    /// This person may not do this.
    pub fn forbidden(code: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(RefusalKind::Forbidden, code, sentence)
    }

    /// It cannot be done in the present state.
    pub fn conflict(code: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(RefusalKind::Conflict, code, sentence)
    }

    /// Too often; later is possible.
    pub fn too_many(code: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(RefusalKind::TooMany, code, sentence)
    }

    /// Somebody has to sign in first.
    pub fn sign_in() -> Self {
        Self::new(RefusalKind::SignIn, "sign-in", "Sign in to see this page.")
    }

    /// The service is too busy at this moment.
    pub fn busy() -> Self {
        Self::new(
            RefusalKind::Busy,
            "busy",
            "Many people are using the service at this moment. Nothing was changed. Try again in a few seconds.",
        )
    }

    /// Adds a link onward.
    #[must_use]
    pub fn onward(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.onward.push(Onward { label: label.into(), href: href.into() });
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.sentence)
    }
}

/// What is wrong with one field, in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: String,
    /// What is wrong and what to do about it.
    pub message: String,
}

/// All that is wrong with a form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Notes that `field` is wrong.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), message: message.into() });
    }

    /// Notes all that is wrong in `others` too.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// One wrong field.
    pub fn one(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    /// The errors in the order they were noted.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with `field`, if anything.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    /// `value` when nothing is wrong, else the errors.
    ///
    /// # Errors
    /// These errors, when there is at least one.
    pub fn unless_any<T>(self, value: T) -> Result<T, Self> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// Everything unexpected: the database, the disk, a row that cannot be true.
#[derive(Debug)]
pub struct Fault {
    what: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault without a deeper cause.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), source: None }
    }

    /// A fault with its cause; `what` says what was being done.
    pub fn because(what: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { what: what.into(), source: Some(source.into()) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Why something did not happen.
#[derive(Debug)]
pub enum Failure {
    /// The form has wrong fields; it is shown again with them.
    Fields(FieldErrors),
    /// A rule says no.
    Refusal(Refusal),
    /// Something broke on our side.
    Fault(Fault),
}

impl From<FieldErrors> for Failure {
    fn from(errors: FieldErrors) -> Self {
        Self::Fields(errors)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The answer of every command and page.
pub type Outcome<T> = Result<T, Failure>;
