//! The people on a list: the same person in two spellings counts once.

use chitin_openclaw::channels::Senders;

/// The distinct people in a list, in the order of their first mention. Wildcards and blanks are not people.
pub(crate) fn normalised<T: AsRef<str>>(
    senders: &Senders,
    entries: impl IntoIterator<Item = T>,
) -> Vec<String> {
    let mut people: Vec<String> = Vec::new();
    for entry in entries {
        let person = senders.normalized(entry.as_ref());
        if !person.is_empty() && person != "*" {
            people.push(person);
        }
    }
    distinct(people)
}

/// Drops what was there before.
pub(crate) fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(text.clone())).collect()
}

#[cfg(test)]
mod tests {
    use chitin_openclaw::channels::provider_of;

    use super::*;

    #[test]
    fn spellings_of_one_person_count_once() {
        let senders = &provider_of("telegram").senders;
        assert_eq!(normalised(senders, ["1", "tg:1", " Telegram:1 "]), ["1"]);
        assert_eq!(normalised(senders, ["A", "a"]), ["A", "a"]);
        assert_eq!(normalised(&provider_of("unknown").senders, ["X:1", "1", "1 "]), ["X:1", "1"]);
    }

    #[test]
    fn wildcards_and_blanks_are_not_people() {
        assert!(normalised(&provider_of("telegram").senders, ["*", " ", "tg:", "tg:*"]).is_empty());
    }
}
