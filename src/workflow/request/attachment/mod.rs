//! Files that an applicant attaches to a request: what is taken, under which name, and who may change what when.

pub mod content;
mod docx;
pub mod file;
pub mod name;
mod pdf_scan;
mod pdf_tokens;
pub mod rules;
