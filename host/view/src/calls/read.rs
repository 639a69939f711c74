//! The content of a file, with secrets sealed.

use serde::{Deserialize, Serialize};

use chitin_config::{ConfigLimits, parse};
use chitin_contract::files::{Content, Format};
use chitin_fs::files;
use chitin_model::grants::Level;

use super::{Call, Grant};
use crate::live::LiveView;
use crate::refusal::{Answer, of_files};
use crate::seal::Sealer;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    pub root: String,
    pub path: String,
    pub format: Format,
    pub max_bytes: u32,
}

impl Call for Read {
    type Reply = Content;

    fn grant(&self) -> Grant<'_> {
        Grant::File { root: &self.root, path: &self.path, level: Level::Content }
    }

    fn answer(&self, view: &LiveView) -> Answer<Self::Reply> {
        let inputs = view.inputs();
        if inputs.holds_secrets(&self.root, &self.path) {
            return Ok(Content::Unreadable("holds secrets; its content is never given".to_owned()));
        }
        let found = inputs.roots().read(&self.root, &self.path, u64::from(self.max_bytes));
        Ok(match found.map_err(|error| of_files(&error))? {
            files::Content::Missing => Content::Missing,
            files::Content::NotAFile => Content::NotAFile,
            files::Content::TooLarge => Content::TooLarge,
            files::Content::Unreadable(reason) => Content::Unreadable(reason),
            files::Content::Bytes(bytes) => show(inputs.sealer(), &bytes, self.format),
        })
    }

    fn bytes_read(reply: &Self::Reply) -> usize {
        if let Content::Text(text) = reply { text.len() } else { 0 }
    }
}

fn show(sealer: &Sealer, bytes: &[u8], format: Format) -> Content {
    let shown = |value: &serde_json::Value| Content::Text(sealer.seal_json(value).to_string());
    match format {
        Format::Json => {
            serde_json::from_slice(bytes).map_or(Content::Malformed, |value| shown(&value))
        }
        Format::Text if bytes.contains(&0) => Content::Malformed,
        Format::Text => {
            let text = String::from_utf8_lossy(bytes);
            // A document says which of its texts are secrets better than any shape.
            match parse::parse(&text, &ConfigLimits::default()) {
                Ok(document) if document.json.is_object() || document.json.is_array() => {
                    shown(&document.json)
                }
                _ => Content::Text(sealer.blank_document(&text)),
            }
        }
    }
}
