//! A form as a page shows it, what can be wrong in it, and what is looked for in the answer.

use scraper::{ElementRef, Html, Selector};

use super::exceptions::SHRINKING;
use crate::harness::{Page, kept_value};
use crate::matrix::ROWS;

/// More characters than a field takes.
const LONG: usize = 25_001;
/// The same for the one field that takes more: the source of the questions and answers.
const LONGER: usize = 300_001;

/// What kind of field it is, by what can be wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Words, in one line or in several.
    Words,
    /// Words of one shape: an address of mail or of the web.
    Shaped,
    /// A day or a time.
    Moment,
    /// One of a list.
    Choice,
    /// Some of a list.
    Some,
    /// A statement to agree to: it is ticked or not, and what it sends then says nothing.
    Tick,
    File,
    /// What nobody fills in.
    Hidden,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wrong {
    /// A text beyond every limit.
    Long,
    /// A text with a character that nobody sees.
    Unseen,
    /// Something that is no day, no address, none of the choices.
    Nonsense,
    /// Nothing, though the label does not say that it is optional.
    Empty,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    /// What a browser sends for it as it stands.
    pub sent: Vec<String>,
    may_be_empty: bool,
}

/// A form that is posted.
#[derive(Clone, Debug)]
pub struct Form {
    /// The route that takes it, as `ROWS` names it.
    pub row: &'static str,
    pub target: String,
    pub fields: Vec<Field>,
    /// What each way to send it adds.
    pub buttons: Vec<Option<(String, String)>>,
    pub has_files: bool,
}

/// One way in which a form is wrong: the same with each of these fields.
#[derive(Clone, Debug)]
pub struct Case {
    pub wrong: Wrong,
    pub fields: Vec<String>,
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).unwrap()
}

/// The route of a path, as `ROWS` names it: the one with the fewest places that anything fits.
pub fn row_of(method: &str, path: &str) -> Option<&'static str> {
    let path: Vec<&str> = path.split(['?', '#']).next().unwrap().split('/').collect();
    let fits = |row: &str| {
        let parts: Vec<&str> = row.split('/').collect();
        parts.len() == path.len() && parts.iter().zip(&path).all(|(part, here)| part.starts_with('{') || part == here)
    };
    let rows = ROWS.iter().filter(|row| row.0 == method && fits(row.1)).map(|row| row.1);
    rows.min_by_key(|row| row.matches('{').count())
}

/// Every form of a page that is posted.
pub fn forms(page: &Page) -> Vec<Form> {
    forms_in(&Html::parse_document(&page.body), &page.path)
}

fn forms_in(html: &Html, path: &str) -> Vec<Form> {
    let own = path.split('?').next().unwrap();
    html.select(&select("form[method=post]")).map(|form| read(html, form, own)).collect()
}

fn read(html: &Html, form: ElementRef<'_>, own: &str) -> Form {
    let target = form.value().attr("action").unwrap_or(own).to_owned();
    let row = row_of("post", &target).unwrap_or_else(|| panic!("no route for the form to {target}"));
    let mut fields: Vec<Field> = Vec::new();
    for control in form.select(&select("input[name], textarea[name], select[name]")) {
        let name = control.value().attr("name").unwrap().to_owned();
        let sent = kept_value(control);
        match fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.sent.extend(sent),
            None => {
                let kind = kind_of(control);
                let may_be_empty = may_be_empty(html, form, control, &name);
                fields.push(Field { name, kind, sent: sent.into_iter().collect(), may_be_empty });
            }
        }
    }
    let mut buttons: Vec<Option<(String, String)>> = Vec::new();
    for button in form.select(&select("button")).filter(|button| button.value().attr("formaction").is_none()) {
        let name = button.value().attr("name").map(str::to_owned);
        let known = buttons.iter().any(|known| known.as_ref().map(|(name, _)| name) == name.as_ref());
        if !known {
            buttons.push(name.map(|name| (name, button.value().attr("value").unwrap_or_default().to_owned())));
        }
    }
    let has_files = form.value().attr("enctype") == Some("multipart/form-data");
    Form { row, target, fields, buttons, has_files }
}

/// Whether the label says so, or nothing cannot be chosen: a list has no line for it, one of a few is chosen already.
fn may_be_empty(html: &Html, form: ElementRef<'_>, control: ElementRef<'_>, name: &str) -> bool {
    let labels = select("label[for]");
    let mut labels = html.select(&labels).filter(|label| label.value().attr("for") == Some(name));
    let cannot = match control.value().attr("type") {
        Some("radio") => form.select(&select(&format!("input[type=radio][name='{name}'][checked]"))).next().is_some(),
        _ => control.value().name() == "select" && control.select(&select("option[value='']")).next().is_none(),
    };
    cannot || labels.any(|label| label.select(&select(".optional")).next().is_some())
}

fn kind_of(control: ElementRef<'_>) -> Kind {
    let attribute = |name| control.value().attr(name);
    let is_in_list = || {
        let mut around = control.ancestors().filter_map(ElementRef::wrap);
        around.any(|element| element.value().attr("class") == Some("picks") || element.value().name() == "table")
    };
    match (control.value().name(), attribute("type").unwrap_or("text")) {
        _ if attribute("hidden").is_some() => Kind::Hidden,
        ("select", _) | (_, "radio") => Kind::Choice,
        ("textarea", _) => Kind::Words,
        (_, "hidden") => Kind::Hidden,
        (_, "checkbox") if is_in_list() => Kind::Some,
        (_, "checkbox") => Kind::Tick,
        (_, "file") => Kind::File,
        (_, "date" | "time") => Kind::Moment,
        (_, "email" | "url") => Kind::Shaped,
        (_, "text" | "search" | "tel") => Kind::Words,
        (_, other) => panic!("say what can be wrong with a field of type {other}"),
    }
}

impl Form {
    /// Forms with the same key are one form, wherever they stand.
    pub fn key(&self) -> String {
        let fields: Vec<String> = self.fields.iter().map(|field| format!("{} {:?}", field.name, field.kind)).collect();
        format!("{} {} {:?}", self.row, fields.join(","), self.buttons)
    }

    /// The fields that people fill in.
    pub fn visible(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.kind != Kind::Hidden)
    }

    /// Every way in which the form can be wrong. `first` for the button that stands first: by another one, such as that
    /// of a draft, less may be asked.
    pub fn cases(&self, first: bool) -> Vec<Case> {
        use Kind::{Choice, File, Moment, Shaped, Some, Tick, Words};
        let named = |wrong: Wrong, kinds: &[Kind]| -> Vec<String> {
            let may = |field: &&Field| kinds.contains(&field.kind) && !(wrong == Wrong::Empty && field.may_be_empty);
            self.visible().filter(may).map(|field| field.name.clone()).collect()
        };
        let mut cases = Vec::new();
        for (wrong, kinds) in
            [(Wrong::Long, &[Words, Shaped][..]), (Wrong::Nonsense, &[Shaped, Moment, Choice, Some, File])]
        {
            cases.extend(named(wrong, kinds).into_iter().map(|field| Case { wrong, fields: vec![field] }));
        }
        cases.push(Case { wrong: Wrong::Unseen, fields: named(Wrong::Unseen, &[Words, Shaped]) });
        if first {
            let fields = named(Wrong::Empty, &[Words, Shaped, Moment, Choice, Tick, File]);
            let at_once = if SHRINKING.iter().any(|(row, _)| *row == self.row) { 1 } else { fields.len().max(1) };
            let some = fields.chunks(at_once).map(|fields| Case { wrong: Wrong::Empty, fields: fields.to_vec() });
            cases.extend(some);
        }
        cases.retain(|case| !case.fields.is_empty());
        cases
    }

    /// What is sent: the form as it stands, but for the fields that are wrong.
    pub fn filled(&self, button: Option<&(String, String)>, case: &Case) -> Vec<(String, String)> {
        let mut sent = Vec::new();
        for field in self.fields.iter().filter(|field| field.kind != Kind::File) {
            let is_wrong = case.fields.contains(&field.name);
            let values = if is_wrong { case.wrong.values(field, self.row) } else { field.sent.clone() };
            sent.extend(values.into_iter().map(|value| (field.name.clone(), value)));
        }
        sent.extend(button.cloned());
        sent
    }

    /// Whether the other one is this form; one of a page that shrinks may lack any field but those that are wrong.
    fn is_same(&self, other: &Self, case: &Case) -> bool {
        let has = |name: &String| other.fields.iter().any(|field| field.name == *name);
        let shrinks = SHRINKING.iter().any(|(row, _)| *row == self.row);
        let wanted = self.visible().filter(|field| !shrinks || case.fields.contains(&field.name));
        self.row == other.row && wanted.map(|field| &field.name).all(has)
    }

    /// What the answer to a wrong form lacks; with what is lacking at one field, that field.
    pub fn lacks(&self, case: &Case, sent: &[(String, String)], answer: &Page) -> Vec<(Option<String>, String)> {
        if answer.status != 422 {
            return vec![(None, format!("is answered {} {}", answer.status, answer.header("location")))];
        }
        let mut lacks = Vec::new();
        let html = Html::parse_document(&answer.body);
        let title: String = html.select(&select("title")).flat_map(|title| title.text()).collect();
        if !title.starts_with("Error:") {
            lacks.push((None, format!("has the title {title:?}")));
        }
        for field in &case.fields {
            lacks.extend(is_told(&html, field).err().map(|what| (Some(field.clone()), what)));
        }
        match forms_in(&html, &answer.path).into_iter().find(|form| self.is_same(form, case)) {
            None => lacks.push((None, "does not come back".to_owned())),
            Some(again) => {
                // What is none of the choices cannot be shown as chosen, and no browser keeps a file.
                let is_kept = |field: &&Field| {
                    let is_nonsense = case.wrong == Wrong::Nonsense && case.fields.contains(&field.name);
                    field.kind != Kind::File && !(is_nonsense && matches!(field.kind, Kind::Choice | Kind::Some))
                };
                for field in again.visible().filter(is_kept) {
                    let typed: Vec<&str> =
                        sent.iter().filter(|(name, _)| *name == field.name).map(|(_, value)| value.as_str()).collect();
                    // A select shows its first choice where none was made.
                    if plain(&typed) != plain(&field.sent) {
                        let what = format!("loses {}: {} became {}", field.name, short(&typed), short(&field.sent));
                        lacks.push((None, what));
                    }
                }
            }
        }
        lacks
    }
}

impl Wrong {
    fn values(self, field: &Field, row: &str) -> Vec<String> {
        let has = field.sent.first().cloned().unwrap_or_default();
        match self {
            Self::Long => vec!["x".repeat(if row == "/faq/edit" { LONGER } else { LONG })],
            Self::Unseen => vec![format!("{has}un\u{1}seen")],
            Self::Nonsense => vec!["nonsense".to_owned()],
            Self::Empty if field.kind == Kind::Tick || field.sent.is_empty() => Vec::new(),
            Self::Empty => vec![String::new()],
        }
    }
}

fn plain<S: AsRef<str>>(values: &[S]) -> Vec<String> {
    let plain = values.iter().map(|value| value.as_ref().replace("\r\n", "\n"));
    plain.filter(|value| !value.is_empty()).collect()
}

fn short<S: AsRef<str>>(values: &[S]) -> String {
    let words: Vec<String> = values.iter().map(|value| value.as_ref().chars().take(40).collect()).collect();
    format!("{words:?}")
}

/// Whether the summary leads to the field, and the field or the question around it is described by its message.
fn is_told(html: &Html, field: &str) -> Result<(), String> {
    let leads = |link: ElementRef<'_>| link.value().attr("href").unwrap_or_default().trim_start_matches('#').to_owned();
    let elements = select("main [id]");
    let with_id = |id: &str| html.select(&elements).find(|element| element.value().attr("id") == Some(id));
    let links: Vec<String> = html.select(&select(".errors a[href^='#']")).map(leads).collect();
    let target = links.iter().filter_map(|id| with_id(id)).find(|element| element.value().attr("name") == Some(field));
    let Some(target) = target else {
        let said: Vec<String> = html.select(&select(".errors li")).map(|line| line.text().collect()).collect();
        return Err(format!("the summary does not lead to it, but says {said:?}"));
    };
    let question = target.ancestors().filter_map(ElementRef::wrap).find(|around| around.value().name() == "fieldset");
    let described = match (target.value().attr("aria-invalid"), question) {
        (Some("true"), _) => target,
        (_, Some(question)) => question,
        _ => return Err("it is not marked as wrong".to_owned()),
    };
    let ids = described.value().attr("aria-describedby").unwrap_or_default();
    let says = |id: &str| with_id(id).is_some_and(|about| about.text().collect::<String>().trim().len() > 10);
    if ids.split(' ').any(|id| id.ends_with("-error") && says(id)) {
        Ok(())
    } else {
        Err("its message is not tied to it".to_owned())
    }
}
