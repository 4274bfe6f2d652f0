//! A browser without JavaScript: keeps cookies, follows redirects, fills in and sends the forms of a page.

use scraper::{ElementRef, Html, Selector};
use ureq::Agent;
use ureq::http::Response;

/// A browser of one person.
pub struct Browser {
    agent: Agent,
    address: String,
}

/// A page as it was answered.
pub struct Page {
    pub status: u16,
    /// Where it was found, after redirects.
    pub path: String,
    pub body: String,
    pub bytes: Vec<u8>,
    headers: Vec<(String, String)>,
}

impl Browser {
    pub fn new(address: &str) -> Self {
        // The server closes idle connections after five seconds; one that is about to be closed is not used again.
        let idle = std::time::Duration::from_secs(1);
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).max_idle_age(idle).build();
        Self { agent: config.into(), address: address.to_owned() }
    }

    /// Another tab of the same browser: they share their cookies.
    pub fn same(&self) -> Self {
        Self { agent: self.agent.clone(), address: self.address.clone() }
    }

    /// The browser with a cookie that somebody put there.
    pub fn with_cookie(self, name: &str, value: &str) -> Self {
        let uri = self.address.parse().unwrap();
        let cookie = ureq::Cookie::parse(format!("{name}={value}; Path=/"), &uri).unwrap();
        self.agent.cookie_jar_lock().insert(cookie, &uri).unwrap();
        self
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let jar = self.agent.cookie_jar_lock();
        jar.iter().find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    }

    /// Opens a path of the service, or an absolute link into it.
    pub fn get(&self, path: &str) -> Page {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.address) };
        let answer = self.agent.get(&url).call().unwrap();
        self.follow(self.path_of(&url), answer)
    }

    /// As `get`, without following redirects.
    pub fn get_only(&self, path: &str) -> Page {
        let answer = self.agent.get(format!("{}{path}", self.address)).call().unwrap();
        page(path.to_owned(), answer)
    }

    /// As `get_only`, with further headers.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        let request = self.agent.get(format!("{}{path}", self.address));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        page(path.to_owned(), request.call().unwrap())
    }

    /// Hands in a file, as a form with nothing but a file would.
    pub fn post_file(&self, path: &str, field: &str, bytes: &[u8]) -> Page {
        let before = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"letter.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n"
        );
        let body = [before.as_bytes(), bytes, b"\r\n--edge--\r\n"].concat();
        let request = self.agent.post(format!("{}{path}", self.address)).header("origin", &self.address);
        let request = request.header("content-type", "multipart/form-data; boundary=edge");
        page(path.to_owned(), request.send(&body[..]).unwrap())
    }

    pub fn head(&self, path: &str) -> Page {
        let answer = self.agent.head(format!("{}{path}", self.address)).call().unwrap();
        page(path.to_owned(), answer)
    }

    /// Sends a form as our own page would, and follows where it leads.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.send(&self.address, path, fields);
        self.follow(path.to_owned(), answer)
    }

    /// As `post`, without following redirects.
    pub fn post_only(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        page(path.to_owned(), self.send(&self.address, path, fields))
    }

    /// As `post_only`, with further headers.
    pub fn post_with(&self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let request = self.agent.post(format!("{}{path}", self.address)).header("origin", &self.address);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        page(path.to_owned(), request.send_form(fields.iter().copied()).unwrap())
    }

    /// Sends a form as a page of another site would.
    pub fn post_from(&self, origin: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        page(path.to_owned(), self.send(origin, path, fields))
    }

    /// Fills in the form of `page` whose action ends with `action` and sends it by its (first) button.
    /// Every field of the page keeps its value but those given.
    pub fn submit(&self, page: &Page, action: &str, values: &[(&str, &str)]) -> Page {
        let (target, fields) = page.form(action, values);
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&target, &pairs)
    }

    /// As `submit`, with files in fields of theirs: field, name of the file, its bytes.
    pub fn submit_files(
        &self,
        page: &Page,
        action: &str,
        values: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Page {
        let (target, fields) = page.form(action, values);
        let answer = self.send_parts(&target, &fields, files);
        self.follow(target, answer)
    }

    /// Sends fields and files as a form with files does, without following redirects: field, name of the file, its bytes.
    pub fn post_parts(&self, path: &str, fields: &[(String, String)], files: &[(&str, &str, &[u8])]) -> Page {
        page(path.to_owned(), self.send_parts(path, fields, files))
    }

    fn send_parts(
        &self,
        path: &str,
        fields: &[(String, String)],
        files: &[(&str, &str, &[u8])],
    ) -> Response<ureq::Body> {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        for (name, file, bytes) in files {
            let head = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(&[head.as_bytes(), *bytes, b"\r\n"].concat());
        }
        body.extend_from_slice(b"--edge--\r\n");
        let request = self.agent.post(format!("{}{path}", self.address)).header("origin", &self.address);
        request.header("content-type", "multipart/form-data; boundary=edge").send(&body[..]).unwrap()
    }

    fn send(&self, origin: &str, path: &str, fields: &[(&str, &str)]) -> Response<ureq::Body> {
        let request = self.agent.post(format!("{}{path}", self.address)).header("origin", origin);
        request.send_form(fields.iter().copied()).unwrap()
    }

    fn follow(&self, mut path: String, mut answer: Response<ureq::Body>) -> Page {
        for _ in 0..10 {
            if !(300..400).contains(&answer.status().as_u16()) || answer.status().as_u16() == 304 {
                return page(path, answer);
            }
            let target = answer.headers().get("location").unwrap().to_str().unwrap().to_owned();
            let url = if target.starts_with("http") { target.clone() } else { format!("{}{target}", self.address) };
            path = self.path_of(&url);
            answer = self.agent.get(&url).call().unwrap();
        }
        panic!("too many redirects, last to {path}");
    }

    fn path_of(&self, url: &str) -> String {
        url.strip_prefix(&self.address).unwrap_or(url).to_owned()
    }
}

fn page(path: String, mut answer: Response<ureq::Body>) -> Page {
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let status = answer.status().as_u16();
    let bytes = answer.body_mut().with_config().limit(50 << 20).read_to_vec().unwrap();
    Page { status, path, body: String::from_utf8_lossy(&bytes).into_owned(), bytes, headers }
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The values of a header that may come more than once.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// What a person reads, white space folded.
    pub fn text(&self) -> String {
        let html = Html::parse_document(&self.body);
        let main = Selector::parse("main").unwrap();
        let root = html.select(&main).next().unwrap_or_else(|| html.root_element());
        root.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    pub fn title(&self) -> String {
        self.first("title")
    }

    /// The text of the first element that matches.
    pub fn first(&self, selector: &str) -> String {
        let html = Html::parse_document(&self.body);
        let found = html.select(&Selector::parse(selector).unwrap()).next();
        found
            .map(|element| element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" "))
            .unwrap_or_default()
    }

    /// What stands inside the first element that matches, as it is.
    pub fn first_raw(&self, selector: &str) -> String {
        let html = Html::parse_document(&self.body);
        let found = html.select(&Selector::parse(selector).unwrap()).next();
        found.map(|element| element.text().collect()).unwrap_or_default()
    }

    /// An attribute of the first element that matches.
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let html = Html::parse_document(&self.body);
        let found = html.select(&Selector::parse(selector).unwrap()).next();
        found.and_then(|element| element.value().attr(name)).unwrap_or_default().to_owned()
    }

    /// How many elements match.
    pub fn count(&self, selector: &str) -> usize {
        Html::parse_document(&self.body).select(&Selector::parse(selector).unwrap()).count()
    }

    /// The targets of all links.
    pub fn links(&self) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let links = Selector::parse("a[href]").unwrap();
        html.select(&links).filter_map(|link| link.value().attr("href")).map(str::to_owned).collect()
    }

    pub fn has_link(&self, href: &str) -> bool {
        self.links().iter().any(|link| link == href)
    }

    /// Whether there is a form whose action ends with `action`.
    pub fn has_form(&self, action: &str) -> bool {
        self.find_form(&Html::parse_document(&self.body), action).is_some()
    }

    /// Target and fields of the form whose action ends with `action`, as a browser would send them.
    pub fn form(&self, action: &str, values: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        let html = Html::parse_document(&self.body);
        let Some(form) = self.find_form(&html, action) else {
            panic!("no form for {action:?} at {} ({}):\n{}", self.path, self.status, self.text())
        };
        let own_path = self.path.split('?').next().unwrap().to_owned();
        let target = form.value().attr("action").map_or(own_path, str::to_owned);
        let mut fields = Vec::new();
        let controls = Selector::parse("input[name], textarea[name], select[name]").unwrap();
        for control in form.select(&controls) {
            let name = control.value().attr("name").unwrap();
            if !values.iter().any(|(given, _)| *given == name) {
                fields.extend(kept_value(control).map(|value| (name.to_owned(), value)));
            }
        }
        fields.extend(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        (target, fields)
    }

    /// As `form`, for the one of two forms with this action that is posted.
    pub fn form_to_post(&self, action: &str, values: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        let body = self.body.replace("method=\"get\" action", "method=\"get\" data-action");
        Self { body, path: self.path.clone(), bytes: Vec::new(), headers: Vec::new(), status: self.status }
            .form(action, values)
    }

    /// Whether anything on the page is posted, but signing out.
    pub fn has_form_to_post(&self) -> bool {
        self.count("main form[method=post]") > 0
    }

    fn find_form<'h>(&self, html: &'h Html, action: &str) -> Option<ElementRef<'h>> {
        let path = self.path.split('?').next().unwrap();
        html.select(&Selector::parse("main form").unwrap())
            .find(|form| form.value().attr("action").unwrap_or(path).ends_with(action))
    }
}

/// What a browser would send for a control nobody touched.
pub fn kept_value(control: ElementRef<'_>) -> Option<String> {
    let attribute = |name| control.value().attr(name);
    match control.value().name() {
        "textarea" => {
            let text: String = control.text().collect();
            Some(text.strip_prefix('\n').unwrap_or(&text).to_owned())
        }
        "select" => {
            let chosen = control.select(&Selector::parse("option[selected]").unwrap()).next();
            let first = || control.select(&Selector::parse("option").unwrap()).next();
            let option = chosen.or_else(first)?;
            Some(option.value().attr("value").map_or_else(|| option.text().collect(), str::to_owned))
        }
        _ => match attribute("type").unwrap_or("text") {
            "radio" | "checkbox" => attribute("checked").map(|_| attribute("value").unwrap_or("on").to_owned()),
            "submit" | "button" | "reset" | "file" => None,
            _ => Some(attribute("value").unwrap_or_default().to_owned()),
        },
    }
}
