//! Finds values in the tree by JSON pointers.

use super::document::{Config, Shape, SourceLocation, Value};
use super::line_index::Position;
use super::spans::segments;

impl Value {
    /// A member of an object.
    pub fn member(&self, key: &str) -> Option<&Value> {
        match &self.shape {
            Shape::Map(members) => {
                members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// A string as it is in effect.
    pub fn text(&self) -> Option<&str> {
        match &self.shape {
            Shape::Text(text) => Some(&text.effective),
            _ => None,
        }
    }

    /// The value that a pointer names.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        segments(pointer).try_fold(self, |value, segment| value.child(&segment))
    }

    pub(super) fn at_mut(&mut self, pointer: &str) -> Option<&mut Value> {
        segments(pointer).try_fold(self, |value, segment| match &mut value.shape {
            Shape::Map(members) => {
                members.iter_mut().find(|(name, _)| *name == segment).map(|(_, value)| value)
            }
            Shape::List(items) => items.get_mut(index(&segment)?),
            _ => None,
        })
    }

    fn child(&self, segment: &str) -> Option<&Value> {
        match &self.shape {
            Shape::Map(_) => self.member(segment),
            Shape::List(items) => items.get(index(segment)?),
            _ => None,
        }
    }
}

/// An index, in the form that JSON pointers require.
fn index(segment: &str) -> Option<usize> {
    segment.parse().ok().filter(|index: &usize| index.to_string() == segment)
}

impl Config {
    /// The value that a pointer into the merged tree names.
    pub fn value(&self, pointer: &str) -> Option<&Value> {
        self.document.as_ref()?.at(pointer)
    }

    /// Where the value at a pointer was written, or its nearest ancestor that exists.
    pub fn location_of(&self, pointer: &str) -> SourceLocation {
        let Some(mut value) = self.document.as_ref() else { return SourceLocation::default() };
        for segment in segments(pointer) {
            match value.child(&segment) {
                Some(child) => value = child,
                None => break,
            }
        }
        value.location.clone()
    }

    /// The line and column of a location: of the key, where the value has one. None when the file was not read.
    pub fn locate(&self, location: &SourceLocation) -> Option<Position> {
        self.files.get(location.file)?.position(&location.pointer)
    }
}
