//! Members of objects: their names, and their values where this file creates the object.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use oxc_ast::AstKind;
use oxc_ast::ast::{
    ArrayExpression, AssignmentTarget, Class, ClassElement, Expression, MemberExpression,
    ObjectExpression, ObjectPropertyKind, PropertyKey,
};

use super::abstract_eval::{Evaluator, MAX_DEPTH, Memo};
use super::abstract_value::{Callable, Value};
use super::const_fold;

/// The most assignments to members of one name that are considered.
const MAX_ASSIGNMENTS: usize = 8;

impl<'a> Evaluator<'_, 'a> {
    /// The name of a member, if it is constant.
    pub(super) fn key(&self, member: &'a MemberExpression<'a>, depth: u32) -> Option<Cow<'a, str>> {
        match member {
            MemberExpression::StaticMemberExpression(member) => {
                Some(Cow::Borrowed(member.property.name.as_str()))
            }
            MemberExpression::PrivateFieldExpression(member) => {
                Some(Cow::Borrowed(member.field.name.as_str()))
            }
            MemberExpression::ComputedMemberExpression(member) => {
                match self.eval(&member.expression, depth) {
                    Value::String(name) => Some(Cow::Owned(name.to_string())),
                    Value::Number(number) => Some(Cow::Owned(number.to_string())),
                    _ => None,
                }
            }
        }
    }

    pub(super) fn member(&self, member: &'a MemberExpression<'a>, depth: u32) -> Value<'a> {
        let Some(name) = self.key(member, depth) else { return Value::Unknown };
        let object = self.eval(member.object(), depth);
        self.member_of(&object, &name, depth)
    }

    /// A member of a value, looked up in this file where the file creates the value.
    pub(super) fn member_of(&self, object: &Value<'a>, name: &str, depth: u32) -> Value<'a> {
        if depth > MAX_DEPTH {
            self.truncated.set(true);
            return Value::Unknown;
        }
        let depth = depth + 1;
        let found = match object {
            Value::Object(literal) => self.property(literal, name, depth),
            Value::Class(class) | Value::Instance(class) => self.class_member(class, name, depth),
            Value::Array(_) | Value::Strings(_) | Value::String(_)
                if name.parse::<usize>().is_ok() =>
            {
                return self.element(object, name.parse().unwrap_or_default(), depth);
            }
            _ => None,
        };
        match found.unwrap_or_else(|| object.member(name)) {
            Value::Unknown if !matches!(object, Value::Module(_) | Value::Export(..)) => {
                self.assigned_member(name, depth)
            }
            value => value,
        }
    }

    /// An element of an array, or a character of a string.
    pub(super) fn element(&self, list: &Value<'a>, at: usize, depth: u32) -> Value<'a> {
        match list {
            Value::Array(list) => list
                .elements
                .get(at)
                .and_then(|element| element.as_expression())
                .map_or(Value::Unknown, |element| self.eval(element, depth)),
            Value::Strings(texts) => {
                texts.get(at).map_or(Value::Unknown, |part| Value::String(part.clone()))
            }
            Value::String(subject) => {
                const_fold::char_at(subject, i64::try_from(at).unwrap_or(i64::MAX))
            }
            _ => Value::Unknown,
        }
    }

    /// The strings of an array, if all its elements are strings or numbers.
    pub(super) fn strings(
        &self,
        list: &'a ArrayExpression<'a>,
        depth: u32,
    ) -> Option<Rc<[Rc<str>]>> {
        list.elements
            .iter()
            .map(|element| match self.eval(element.as_expression()?, depth) {
                Value::String(part) => Some(part),
                Value::Number(number) => Some(Rc::from(number.to_string())),
                _ => None,
            })
            .collect()
    }

    pub(super) fn key_name(&self, key: &'a PropertyKey<'a>, depth: u32) -> Option<Cow<'a, str>> {
        match key.static_name() {
            Some(name) => Some(name),
            None => match self.eval(key.as_expression()?, depth) {
                Value::String(name) => Some(Cow::Owned(name.to_string())),
                _ => None,
            },
        }
    }

    pub(super) fn property(
        &self,
        object: &'a ObjectExpression<'a>,
        name: &str,
        depth: u32,
    ) -> Option<Value<'a>> {
        for property in object.properties.iter().rev() {
            match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    if self.key_name(&property.key, depth).as_deref() == Some(name) {
                        return Some(self.eval(&property.value, depth));
                    }
                }
                ObjectPropertyKind::SpreadProperty(spread) => {
                    let value = self.eval(&spread.argument, depth);
                    let value = self.member_of(&value, name, depth);
                    if !matches!(value, Value::Unknown) {
                        return Some(value);
                    }
                }
            }
        }
        None
    }

    fn class_member(&self, class: &'a Class<'a>, name: &str, depth: u32) -> Option<Value<'a>> {
        class.body.body.iter().find_map(|element| match element {
            ClassElement::MethodDefinition(method) => {
                let same = self.key_name(&method.key, depth).as_deref() == Some(name);
                same.then(|| Value::Function(Callable::Function(&method.value)))
            }
            ClassElement::PropertyDefinition(property) => {
                let same = property.key.name().as_deref() == Some(name);
                same.then(|| property.value.as_ref().map(|value| self.eval(value, depth)))?
            }
            _ => None,
        })
    }

    /// A relevant value that is assigned anywhere to a member of this name.
    fn assigned_member(&self, name: &str, depth: u32) -> Value<'a> {
        // Regular expressions and databases have an `exec` method; an assignment says nothing about those.
        if name == "exec" {
            return Value::Unknown;
        }
        let load = || self.members.borrow().get(name).cloned().unwrap_or(Memo::Empty);
        let store = |slot| drop(self.members.borrow_mut().insert(name.to_owned(), slot));
        let Some(values) = self.member_assignments.get_or_init(|| self.assignments()).get(name)
        else {
            return Value::Unknown;
        };
        self.memoized(load, store, depth, || {
            let mut values = values.iter().map(|value| self.eval(value, depth));
            values.find(Value::is_relevant).unwrap_or(Value::Unknown)
        })
    }

    fn assignments(&self) -> BTreeMap<&'a str, Vec<&'a Expression<'a>>> {
        let mut stored: BTreeMap<&'a str, Vec<&'a Expression<'a>>> = BTreeMap::new();
        for node in self.nodes().iter() {
            let (name, value) = match node.kind() {
                AstKind::AssignmentExpression(assignment) => {
                    (target_name(&assignment.left), Some(&assignment.right))
                }
                AstKind::PropertyDefinition(property) => {
                    (key_text(&property.key), property.value.as_ref())
                }
                AstKind::ObjectProperty(property) => {
                    (key_text(&property.key), Some(&property.value))
                }
                _ => continue,
            };
            if let (Some(name), Some(value)) = (name, value) {
                let values = stored.entry(name).or_default();
                if values.len() < MAX_ASSIGNMENTS && may_be_relevant(value) {
                    values.push(value);
                }
            }
        }
        stored
    }
}

fn target_name<'a>(target: &'a AssignmentTarget<'a>) -> Option<&'a str> {
    match target.as_member_expression()? {
        MemberExpression::PrivateFieldExpression(member) => Some(member.field.name.as_str()),
        member => member.static_property_name(),
    }
}

fn key_text<'a>(key: &'a PropertyKey<'a>) -> Option<&'a str> {
    match key {
        PropertyKey::StaticIdentifier(name) => Some(name.name.as_str()),
        PropertyKey::PrivateIdentifier(name) => Some(name.name.as_str()),
        PropertyKey::StringLiteral(name) => Some(name.value.as_str()),
        _ => None,
    }
}

/// Whether an assigned expression can be anything but a constant.
fn may_be_relevant(value: &Expression<'_>) -> bool {
    let value = value.get_inner_expression();
    !value.is_literal()
        && !matches!(value, Expression::TemplateLiteral(_) | Expression::ArrayExpression(_))
}
