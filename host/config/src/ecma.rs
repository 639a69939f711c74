//! The few rules of ECMAScript that show when a config is read: what white space is, how long a string is, and in which
//! order an object lists its members.

pub use chitin_document::text::{is_space, trim, utf16_len as length};

/// Puts members into the order in which an object lists them: array indices in ascending order, then the others in
/// their order.
pub fn order_members<T>(members: &mut [(String, T)]) {
    if members.iter().any(|(key, _)| array_index(key).is_some()) {
        members.sort_by_cached_key(|(key, _)| array_index(key).unwrap_or(u32::MAX));
    }
}

/// The number that a key stands for, if it is an array index written in the one canonical way.
fn array_index(key: &str) -> Option<u32> {
    let canonical =
        key == "0" || (!key.starts_with('0') && key.bytes().all(|b| b.is_ascii_digit()));
    if !canonical {
        return None;
    }
    key.parse().ok().filter(|index| *index != u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn array_indices_come_first_and_upwards() {
        let keys = ["b", "10", "2", "a", "01", "4294967295", "4294967294", "-1", "", "0", "1e3"];
        let mut members: Vec<(String, ())> = keys.map(|key| (key.to_owned(), ())).into();
        order_members(&mut members);
        let ordered: Vec<&str> = members.iter().map(|(key, ())| key.as_str()).collect();
        let expected =
            ["0", "2", "10", "4294967294", "b", "a", "01", "4294967295", "-1", "", "1e3"];
        assert_eq!(ordered, expected);
    }
}
