//! Goes through the pages of a story as the people in it, and tries every form that it has not met before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use diesel::prelude::*;
use letters::ids::RequestId;
use letters::store::Tx;
use letters::store::schema::budgets;
use letters::workflow::request::fields::Section;

use super::answers;
use super::exceptions::{BEGUN, ELSEWHERE, EXCEPTIONS, KEPT, UNTRIED};
use super::form::{Case, Field, Form, Kind, Wrong, forms};
use super::tables::{changed, digests};
use crate::harness::{Browser, Page};
use crate::matrix::{Door, ROWS};
use crate::review::world::{APPLICANT, COLLEAGUE, Committee, STAFF};

/// What all stories have found.
#[derive(Default)]
pub struct Tried(Mutex<Found>);

#[derive(Default)]
pub struct Found {
    keys: BTreeSet<String>,
    /// The route of each form, and how many fields people fill in.
    pub forms: Vec<(&'static str, usize)>,
    pub wrong: Vec<String>,
    /// The exceptions that were needed, by their place.
    pub used: BTreeSet<usize>,
    pub passed_by: BTreeSet<(&'static str, &'static str)>,
}

impl Tried {
    pub fn finished(self) -> Found {
        self.0.into_inner().unwrap()
    }

    fn is_new(&self, form: &Form) -> bool {
        let mut found = self.0.lock().unwrap();
        let is_new = found.keys.insert(form.key());
        if is_new {
            found.forms.push((form.row, form.visible().count()));
        }
        is_new
    }

    fn wrong(&self, what: String) {
        self.0.lock().unwrap().wrong.push(what);
    }
}

/// Who looks at a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Visitor,
    Applicant,
    /// Acts for the seat that a moment of the story is about.
    Member,
    Staff,
    Colleague,
}

/// A story, as far as it has come.
pub struct Walk<'t> {
    pub committee: Committee,
    tried: &'t Tried,
    member: String,
    visitor: Arc<Browser>,
    /// The forms whose hidden fields are still to be tried.
    met: Vec<(Arc<Browser>, Form)>,
}

impl<'t> Walk<'t> {
    pub fn new(tried: &'t Tried) -> Self {
        let committee = Committee::new();
        let visitor = Arc::new(committee.world.browser());
        Self { committee, tried, member: String::new(), visitor, met: Vec::new() }
    }

    /// Who the member is from now on.
    pub fn acts(&mut self, address: &str) {
        address.clone_into(&mut self.member);
    }

    pub fn browser(&self, who: Who) -> Arc<Browser> {
        match who {
            Who::Visitor => Arc::clone(&self.visitor),
            Who::Applicant => self.committee.browser(APPLICANT),
            Who::Member => self.committee.browser(&self.member),
            Who::Staff => self.committee.browser(STAFF),
            Who::Colleague => {
                self.committee.colleague();
                self.committee.browser(COLLEAGUE)
            }
        }
    }

    /// Every page that is about no request.
    pub fn look_around(&mut self, values: &[(&str, &str)]) {
        self.look(values, |path| !path.contains("{id}"));
    }

    /// Every page about a request whose path has one of these parts; all of them for none.
    pub fn look_at(&mut self, id: RequestId, parts: &[&str]) {
        let id = id.to_string();
        let is_meant = |path: &str| parts.is_empty() || parts.iter().any(|part| path.ends_with(part));
        self.look(&[("{id}", &id)], |path| path.contains("{id}") && is_meant(path));
    }

    fn look(&mut self, values: &[(&str, &str)], is_meant: impl Fn(&str) -> bool) {
        for (method, row, door) in ROWS {
            // What ends like a file is none of our pages.
            if *method != "get" || row.contains('.') || !is_meant(row) {
                continue;
            }
            let in_section = |section: &Section| row.replace("{section}", section.as_str());
            let paths: BTreeSet<String> = Section::FILLED.iter().map(in_section).collect();
            for path in paths {
                let path = values.iter().fold(path, |path, (name, value)| path.replace(name, value));
                if path.contains('{') {
                    continue;
                }
                for who in let_in(*door, &path, !self.member.is_empty()) {
                    let page = self.browser(*who).get_only(&path);
                    if page.status == 200 {
                        let browser = self.browser(*who);
                        self.try_forms(&browser, &page);
                    }
                }
            }
        }
    }

    /// A page with its address.
    pub fn open(&mut self, who: Who, path: &str) -> Page {
        let page = self.browser(who).get(path);
        assert_eq!(page.status, 200, "{path} for {who:?}: {}", page.text());
        let browser = self.browser(who);
        self.try_forms(&browser, &page);
        page
    }

    /// A page as it was answered.
    pub fn page(&mut self, who: Who, page: &Page) {
        let browser = self.browser(who);
        self.page_in(&browser, page);
    }

    /// A page as it was answered to this browser.
    pub fn page_in(&mut self, browser: &Arc<Browser>, page: &Page) {
        answers::keep(page);
        self.try_forms(browser, page);
    }

    fn try_forms(&mut self, browser: &Arc<Browser>, page: &Page) {
        let mut known = None;
        let is_tried = |form: &Form| !UNTRIED.iter().any(|(row, _)| *row == form.row);
        for form in forms(page).into_iter().filter(is_tried).filter(|form| self.tried.is_new(form)) {
            let before = known.take().unwrap_or_else(|| digests(&self.committee.world));
            let was_taken = self.try_out(browser, &begun(form.clone()), page);
            let after = digests(&self.committee.world);
            let changed = changed(&before, &after);
            known = Some(after);
            if !changed.is_empty() && !was_taken && !is_kept(&form) {
                self.tried.wrong(format!("{} at {}: something was stored in {changed:?}", form.row, page.path));
            }
            self.met.push((Arc::clone(browser), form));
        }
    }

    /// Sends the form wrong in every way. Whether one that may be taken was taken.
    fn try_out(&self, browser: &Browser, form: &Form, page: &Page) -> bool {
        let no_budgets = |tx: &mut Tx<'_>| Ok(diesel::delete(budgets::table).execute(tx.connection())?);
        self.committee.world.store().write_now(no_budgets).unwrap();
        let (mut was_taken, mut is_first) = (false, true);
        for button in &form.buttons {
            let pressed = button.as_ref().map(|(name, _)| name.as_str());
            if let Some((row, name, _)) = ELSEWHERE.iter().find(|known| known.0 == form.row && Some(known.1) == pressed)
            {
                self.tried.0.lock().unwrap().passed_by.insert((*row, *name));
                continue;
            }
            let mut cases = form.cases(std::mem::take(&mut is_first));
            // What may be taken comes last.
            cases.sort_by_key(|case| case.fields.iter().all(|field| exception(form, field, case).is_some()));
            for case in cases {
                let form = if is_kept(form) { &as_it_stands(browser, form, page) } else { form };
                let sent = form.filled(button.as_ref(), &case);
                let answer = self.send(browser, form, &sent, &case);
                if answer.status == 422 {
                    answers::keep(&answer);
                }
                was_taken |= self.judge(form, pressed, &case, &sent, &answer, page);
            }
        }
        was_taken
    }

    fn send(&self, browser: &Browser, form: &Form, sent: &[(String, String)], case: &Case) -> Page {
        if !form.has_files {
            let pairs: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            return browser.post_only(&form.target, &pairs);
        }
        let of_no_kind = |field: &&Field| field.kind == Kind::File && case.fields.contains(&field.name);
        let files: Vec<(&str, &str, &[u8])> = form
            .fields
            .iter()
            .filter(of_no_kind)
            .filter(|_| case.wrong == Wrong::Nonsense)
            .map(|field| (field.name.as_str(), "file.exe", &b"MZ\x90\0nonsense"[..]))
            .collect();
        browser.post_parts(&form.target, sent, &files)
    }

    /// Whether all that is wrong is excepted and the form was taken.
    fn judge(
        &self,
        form: &Form,
        pressed: Option<&str>,
        case: &Case,
        sent: &[(String, String)],
        answer: &Page,
        page: &Page,
    ) -> bool {
        let excepted: BTreeMap<&str, usize> =
            case.fields.iter().filter_map(|field| Some((field.as_str(), exception(form, field, case)?))).collect();
        let is_excepted = excepted.len() == case.fields.len();
        let mut lacks = form.lacks(case, sent, answer);
        let mut found = self.tried.0.lock().unwrap();
        if is_excepted && !lacks.is_empty() {
            found.used.extend(excepted.values());
        }
        lacks.retain(|(field, _)| match field.as_deref().and_then(|field| excepted.get(field)) {
            Some(number) => {
                found.used.insert(*number);
                false
            }
            None => !is_excepted,
        });
        if answer.status >= 500 {
            lacks.push((None, format!("is answered {}", answer.status)));
        }
        for (field, what) in lacks {
            let fields = field.unwrap_or_else(|| case.fields.join(", "));
            let by = pressed.map(|name| format!(" by {name}")).unwrap_or_default();
            found.wrong.push(format!("{} at {}{by}: {fields} {:?} {what}", form.row, page.path, case.wrong));
        }
        is_excepted && answer.status < 400
    }

    /// Sends the forms that were met with nonsense in what nobody fills in: whatever comes of it, it is no fault.
    /// It may well be taken, and is sent while those who met the forms are still signed in.
    pub fn try_hidden_fields(&mut self) {
        for (browser, form) in std::mem::take(&mut self.met) {
            for hidden in form.fields.iter().filter(|field| field.kind == Kind::Hidden) {
                let case = Case { wrong: Wrong::Nonsense, fields: vec![hidden.name.clone()] };
                let sent = form.filled(form.buttons.first().and_then(Option::as_ref), &case);
                let answer = self.send(&browser, &form, &sent, &case);
                let told = format!("{} {}", answer.status, answer.header("location"));
                if answer.status >= 500 || told.contains("/sign-in?next=") {
                    self.tried.wrong(format!("{}: nonsense in {} is answered {told}", form.row, hidden.name));
                }
            }
        }
    }
}

impl Drop for Walk<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.try_hidden_fields();
        }
    }
}

fn is_kept(form: &Form) -> bool {
    KEPT.iter().any(|(row, _)| *row == form.row)
}

/// The form with what its page now says of how the answers stand.
fn as_it_stands(browser: &Browser, form: &Form, page: &Page) -> Form {
    let now = forms(&browser.get_only(&page.path)).into_iter().find(|now| now.row == form.row).unwrap();
    let mut form = form.clone();
    for field in form.fields.iter_mut().filter(|field| field.kind == Kind::Hidden) {
        let now = now.fields.iter().find(|now| now.name == field.name).unwrap();
        field.sent.clone_from(&now.sent);
    }
    form
}

fn exception(form: &Form, field: &str, case: &Case) -> Option<usize> {
    EXCEPTIONS.iter().position(|(row, known, wrong, _)| *row == form.row && *known == field && *wrong == case.wrong)
}

/// The form with what somebody has begun to fill in.
fn begun(mut form: Form) -> Form {
    let row = form.row;
    for (_, name, value) in BEGUN.iter().filter(|begun| begun.0 == row) {
        for field in form.fields.iter_mut().filter(|field| field.name == *name) {
            field.sent = vec![(*value).to_owned()];
        }
    }
    form
}

/// Who is let in at a door and sees what others behind it do not.
fn let_in(door: Door, path: &str, has_member: bool) -> &'static [Who] {
    match door {
        Door::Open => &[Who::Visitor],
        Door::SignedIn
        | Door::Owner
        | Door::Applicants
        | Door::Insiders
        | Door::InsidersOrOnward
        | Door::InsidersOrStaff => &[Who::Applicant],
        Door::Committee | Door::Members if has_member => &[Who::Member],
        Door::Committee | Door::Members => &[],
        Door::CommitteeOrStaff | Door::MembersOrStaff | Door::Staff => &[Who::Staff],
        Door::Discussion | Door::Writers if has_member => &[Who::Applicant, Who::Member, Who::Staff],
        Door::Discussion | Door::Writers => &[Who::Applicant, Who::Staff],
        Door::StaffOn if path.ends_with("/check") || path.ends_with("/versions") => &[Who::Staff, Who::Colleague],
        Door::StaffOn => &[Who::Staff],
    }
}
