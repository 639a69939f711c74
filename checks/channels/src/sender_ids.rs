//! Senders as channels write them, made comparable: the same person in two spellings counts once.

use chitin_sdk::text;

/// How a channel writes its senders.
struct Spelling {
    channel: &'static str,
    /// Prefixes without meaning, in any case. Each step removes at most one.
    steps: &'static [&'static [&'static str]],
    form: Form,
}

/// What is left without the prefixes.
#[derive(Clone, Copy)]
enum Form {
    Verbatim,
    LowerCase,
    /// `<@id>` or `<@!id>` means the id.
    Mention,
    /// A telephone number: digits behind a `+`.
    Telephone,
    /// A public key, in hexadecimal or as `npub`.
    PublicKey,
}

const SPELLINGS: &[Spelling] = &[
    Spelling { channel: "telegram", steps: &[&["telegram:", "tg:"]], form: Form::Verbatim },
    Spelling { channel: "discord", steps: &[&["discord:", "user:"]], form: Form::Mention },
    Spelling { channel: "slack", steps: &[&["slack:", "user:"]], form: Form::Verbatim },
    Spelling { channel: "whatsapp", steps: &[&["whatsapp:"]], form: Form::Telephone },
    Spelling { channel: "signal", steps: &[&["signal:"]], form: Form::Telephone },
    Spelling {
        channel: "googlechat",
        steps: &[&["googlechat:", "google-chat:", "gchat:"], &["user:"], &["users/"]],
        form: Form::LowerCase,
    },
    Spelling {
        channel: "mattermost",
        steps: &[&["mattermost:", "user:"], &["@"]],
        form: Form::LowerCase,
    },
    Spelling { channel: "irc", steps: &[&["irc:"], &["user:"]], form: Form::LowerCase },
    Spelling { channel: "line", steps: &[&["line:user:", "line:"]], form: Form::Verbatim },
    Spelling { channel: "zalo", steps: &[&["zalo:", "zl:"]], form: Form::Verbatim },
    Spelling { channel: "zalouser", steps: &[&["zalouser:", "zlu:"]], form: Form::Verbatim },
    Spelling {
        channel: "nextcloud-talk",
        steps: &[&["nextcloud-talk:", "nc-talk:", "nc:"]],
        form: Form::LowerCase,
    },
    Spelling { channel: "synology-chat", steps: &[], form: Form::LowerCase },
    Spelling { channel: "nostr", steps: &[&["nostr:"]], form: Form::PublicKey },
    Spelling {
        channel: "feishu",
        steps: &[&["feishu:", "user:", "open_id:"]],
        form: Form::Verbatim,
    },
    Spelling { channel: "msteams", steps: &[&["msteams:", "user:"]], form: Form::Verbatim },
    Spelling { channel: "matrix", steps: &[&["matrix:"]], form: Form::Verbatim },
    Spelling { channel: "bluebubbles", steps: &[&["bluebubbles:"]], form: Form::Verbatim },
];

/// The distinct people in a list, in the order of their first mention. Wildcards and blanks do not count.
pub(crate) fn normalised<T: AsRef<str>>(
    channel: &str,
    entries: impl IntoIterator<Item = T>,
) -> Vec<String> {
    let mut people: Vec<String> = Vec::new();
    for entry in entries {
        let person = one(channel, entry.as_ref());
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

fn one(channel: &str, entry: &str) -> String {
    let Some(spelling) = SPELLINGS.iter().find(|spelling| spelling.channel == channel) else {
        return text::trim(entry).to_owned();
    };
    let bare = spelling.steps.iter().fold(text::trim(entry), |rest, step| without(step, rest));
    match spelling.form {
        Form::Verbatim => bare.to_owned(),
        Form::LowerCase => bare.to_lowercase(),
        Form::Mention => mentioned(bare).unwrap_or(bare).to_owned(),
        Form::Telephone => telephone(bare),
        Form::PublicKey => public_key(bare),
    }
}

/// Removes the first matching prefix, in any case, and trims the rest.
pub(crate) fn without<'a>(prefixes: &[&str], entry: &'a str) -> &'a str {
    let rest = prefixes.iter().find_map(|prefix| {
        let head = entry.get(..prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then(|| entry.get(prefix.len()..)).flatten()
    });
    text::trim(rest.unwrap_or(entry))
}

/// The id in a mention of the form `<@id>` or `<@!id>`.
pub(crate) fn mentioned(entry: &str) -> Option<&str> {
    let inner = entry.strip_prefix("<@")?.strip_suffix('>')?;
    Some(inner.strip_prefix('!').unwrap_or(inner))
}

/// Text without a digit is not a number and is kept.
fn telephone(entry: &str) -> String {
    let digits: String = entry.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() { entry.to_lowercase() } else { format!("+{digits}") }
}

fn public_key(entry: &str) -> String {
    let lower = entry.to_lowercase();
    lower.strip_prefix("npub1").and_then(bech32_bytes).unwrap_or(lower)
}

/// The 32 bytes that bech32 characters encode, in hexadecimal. The checksum, six characters, is not verified.
fn bech32_bytes(data: &str) -> Option<String> {
    const ALPHABET: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const CHARACTERS: usize = 58;
    if data.len() != CHARACTERS || !data.is_ascii() {
        return None;
    }
    let mut hex = String::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for c in data.chars().take(CHARACTERS - 6) {
        bits = ((bits << 5) | u32::try_from(ALPHABET.find(c)?).ok()?) & 0xfff;
        held += 5;
        if held >= 8 {
            held -= 8;
            let byte = (bits >> held) & 0xff;
            hex.push(char::from_digit(byte >> 4, 16)?);
            hex.push(char::from_digit(byte & 0xf, 16)?);
        }
    }
    Some(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(channel: &str, spellings: &[&str], person: &str) {
        assert_eq!(normalised(channel, spellings), [person], "{channel}");
    }

    #[test]
    fn spellings_of_one_person_count_once() {
        same("telegram", &["1", "tg:1", " Telegram:1 "], "1");
        same("discord", &["user:7", "<@7>", "<@!7>", "discord:7"], "7");
        same("slack", &["U1", "SLACK:U1", "user:U1"], "U1");
        same("whatsapp", &["+1 555", "whatsapp:1555", "1-555"], "+1555");
        same("signal", &["signal:+49(1)2", "4912"], "+4912");
        same("googlechat", &["users/A", "gchat:user:users/a", "user:a"], "a");
        same("mattermost", &["@Bob", "user:bob"], "bob");
        same("irc", &["irc:user:Nick", "nick"], "nick");
        same("line", &["line:user:U", "line:U", "U"], "U");
        same("zalo", &["zl:1", "zalo:1"], "1");
        same("zalouser", &["zlu:1", "1"], "1");
        same("nextcloud-talk", &["nc:Ann", "nc-talk:ann"], "ann");
        same("synology-chat", &["A", "a"], "a");
        same("feishu", &["open_id:x", "x"], "x");
    }

    #[test]
    fn case_matters_where_the_channel_says_so() {
        assert_eq!(normalised("telegram", ["A", "a"]), ["A", "a"]);
        assert_eq!(normalised("someone-elses", ["X:1", "1", "1 "]), ["X:1", "1"]);
    }

    #[test]
    fn a_public_key_is_the_same_in_both_forms() {
        let hex = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e";
        let npub = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg";
        same("nostr", &[hex, npub, &format!("nostr:{npub}")], hex);
        same("nostr", &["npub1short"], "npub1short");
    }

    #[test]
    fn wildcards_and_blanks_are_not_people() {
        assert!(normalised("telegram", ["*", " ", "tg:", "tg:*"]).is_empty());
        same("signal", &["uuid-x"], "uuid-x");
    }

    #[test]
    fn multi_byte_text_is_handled() {
        assert_eq!(normalised("telegram", ["télé", "\u{1f600}"]), ["télé", "\u{1f600}"]);
    }
}
