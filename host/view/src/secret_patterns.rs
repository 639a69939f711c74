//! What counts as a secret in the host: the words and shapes are the vocabulary's, where they stand in a text is found in
//! `shapes`. Rules only; `seal` applies them.

mod code;
mod shapes;

pub(super) use code::code_values;
pub(super) use shapes::{document_values, merge, shapes};

pub(super) use chitin_secret_vocabulary::names::{
    is_ambiguous_secret_name, is_secret_flag, is_secret_key_name, is_secret_section,
    is_secret_tree, is_secret_variable,
};
pub(super) use chitin_secret_vocabulary::placeholders::is_placeholder;
