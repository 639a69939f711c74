//! What a module asked and what it was answered, kept so that the same answers can be given again without the machine that
//! they came from.
//!
//! A recording holds answers as the module got them: sealed, and within its grants. Nothing that a module could not see
//! may enter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::calls::{Call, FUNCTIONS};
use crate::refusal::{Answer, Refusal};

/// A recording longer than this is cut, and says so.
const MAX_BYTES: usize = 32 << 20;
const MAX_INTERACTIONS: usize = 100_000;

/// Requests without an answer that are kept word for word.
const MAX_MISSING: usize = 100;

/// Which call it was, with its arguments as JSON.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Request {
    call: &'static str,
    arguments: String,
}

impl Request {
    fn of<C: Call>(call: &C) -> serde_json::Result<(Self, Value)> {
        let arguments = serde_json::to_value(call)?;
        Ok((Self { call: C::FUNCTION, arguments: arguments.to_string() }, arguments))
    }
}

impl fmt::Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.call, self.arguments)
    }
}

/// An answer in its written form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reply {
    Answer(Value),
    NotGranted(String),
    Unavailable(String),
    NotHere(String),
}

/// One call with its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interaction {
    #[serde(deserialize_with = "known_call")]
    call: String,
    arguments: Value,
    reply: Reply,
}

/// The name of a call, refused when there is no such call.
fn known_call<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    if FUNCTIONS.iter().any(|(_, functions)| functions.contains(&name.as_str())) {
        Ok(name)
    } else {
        Err(D::Error::custom("there is no such call"))
    }
}

/// The key of a JSON text that would not come back the same if it were kept as JSON.
const RAW: &str = "$text";

/// A reply that is the text of a JSON document, kept as JSON where it comes back as the same text.
pub(crate) fn record_document(text: Option<&str>) -> serde_json::Result<Value> {
    let Some(text) = text else { return Ok(Value::Null) };
    // What is kept as JSON must come back as the very same text.
    let comes_back = |value: &Value| {
        let again = value.to_string();
        !value.is_null() && value.get(RAW).is_none() && again == text
    };
    match serde_json::from_str::<Value>(text).ok().filter(comes_back) {
        Some(value) => Ok(value),
        None => serde_json::to_value(BTreeMap::from([(RAW, text)])),
    }
}

/// The same from a recording.
pub(crate) fn replay_document(recorded: &Value) -> Option<String> {
    if recorded.is_null() {
        return None;
    }
    let raw = recorded.get(RAW).and_then(Value::as_str).map(str::to_owned);
    Some(raw.unwrap_or_else(|| recorded.to_string()))
}

/// Listens to a view.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    recording: Arc<Mutex<Recording>>,
}

/// What was heard, in the order of the calls.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    pub interactions: Vec<Interaction>,
    /// Something was left out, because it was too much.
    pub cut: bool,
    noted: BTreeSet<Request>,
    bytes: usize,
}

/// What was noted before a panic elsewhere still counts.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// Notes an answer. A call has one answer in a run, so it is noted once.
    pub(crate) fn note<C: Call>(&self, call: &C, answer: &Answer<C::Reply>) {
        let mut recording = lock(&self.recording);
        let Ok((request, arguments)) = Request::of(call) else {
            recording.cut = true;
            return;
        };
        if recording.noted.contains(&request) {
            return;
        }
        let reply = match answer {
            Ok(answer) => match C::record(answer) {
                Ok(value) => Reply::Answer(value),
                Err(_unwritable) => {
                    recording.cut = true;
                    return;
                }
            },
            Err(Refusal::NotGranted(reason)) => Reply::NotGranted(reason.clone()),
            Err(Refusal::Unavailable(reason)) => Reply::Unavailable(reason.clone()),
            Err(Refusal::NotHere(reason)) => Reply::NotHere(reason.clone()),
        };
        let interaction = Interaction { call: C::FUNCTION.to_owned(), arguments, reply };
        let bytes = serde_json::to_string(&interaction).map_or(MAX_BYTES, |text| text.len());
        if recording.noted.len() >= MAX_INTERACTIONS
            || recording.bytes.saturating_add(bytes) > MAX_BYTES
        {
            recording.cut = true;
            return;
        }
        recording.bytes += bytes;
        recording.noted.insert(request);
        recording.interactions.push(interaction);
    }

    /// What was heard so far.
    pub fn recording(&self) -> Recording {
        lock(&self.recording).clone()
    }
}

/// Gives the answers of a recording.
#[derive(Debug, Clone, Default)]
pub struct Replayer {
    replies: Arc<BTreeMap<(String, String), Reply>>,
    missing: Arc<Mutex<Vec<Request>>>,
}

impl Replayer {
    pub fn new(interactions: Vec<Interaction>) -> Self {
        let replies = interactions.into_iter().map(|interaction| {
            ((interaction.call, interaction.arguments.to_string()), interaction.reply)
        });
        Self { replies: Arc::new(replies.collect()), missing: Arc::default() }
    }

    pub(crate) fn answer<C: Call>(&self, call: &C) -> Answer<C::Reply> {
        let unavailable = |reason: &str| Refusal::Unavailable(reason.to_owned());
        let (request, _) =
            Request::of(call).map_err(|_| unavailable("the call cannot be looked up"))?;
        match self.replies.get(&(request.call.to_owned(), request.arguments.clone())) {
            Some(Reply::Answer(value)) => C::replay(value.clone())
                .map_err(|_| unavailable("the record has a malformed answer to this")),
            Some(Reply::NotGranted(reason)) => Err(Refusal::NotGranted(reason.clone())),
            Some(Reply::Unavailable(reason)) => Err(Refusal::Unavailable(reason.clone())),
            Some(Reply::NotHere(reason)) => Err(Refusal::NotHere(reason.clone())),
            None => {
                let mut missing = lock(&self.missing);
                if missing.len() < MAX_MISSING && !missing.contains(&request) {
                    missing.push(request);
                }
                Err(unavailable("the record has no answer to this"))
            }
        }
    }

    /// What was asked and is not in the recording, in order; the first ones.
    pub fn missing(&self) -> Vec<String> {
        lock(&self.missing).iter().map(Request::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use chitin_contract::facts::OperatingSystem;

    use super::*;
    use crate::calls::{Effective, GatewayService, Homes, Platform};

    fn pointer(pointer: &str) -> Effective {
        Effective { pointer: pointer.to_owned() }
    }

    fn written(recorder: &Recorder) -> Vec<Interaction> {
        let text = serde_json::to_string(&recorder.recording().interactions).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn answers_come_back_as_they_were() {
        let recorder = Recorder::default();
        let texts =
            [r#"{"a":[1,2.5,"x"]}"#, r#"{"$text":"y"}"#, "1e999", "not json", "\"s\"", "null"];
        for (index, text) in texts.iter().enumerate() {
            recorder.note(&pointer(&format!("/{index}")), &Ok(Some((*text).to_owned())));
        }
        recorder.note(&pointer("/none"), &Ok(None));
        recorder.note(&Platform {}, &Err(Refusal::NotGranted("no".to_owned())));
        let replayer = Replayer::new(written(&recorder));
        for (index, text) in texts.iter().enumerate() {
            let answer = replayer.answer(&pointer(&format!("/{index}"))).unwrap();
            assert_eq!(answer.unwrap(), *text);
        }
        assert!(replayer.answer(&pointer("/none")).unwrap().is_none());
        let refused: Answer<OperatingSystem> = replayer.answer(&Platform {});
        assert_eq!(refused, Err(Refusal::NotGranted("no".to_owned())));
        assert!(replayer.missing().is_empty());
    }

    #[test]
    fn what_was_not_recorded_is_named() {
        let replayer = Replayer::new(Vec::new());
        for _ in 0..2 {
            assert!(matches!(replayer.answer(&GatewayService {}), Err(Refusal::Unavailable(_))));
        }
        assert_eq!(replayer.missing(), ["gateway_service {}"]);
    }

    #[test]
    fn an_answer_of_the_wrong_shape_is_refused() {
        let interactions =
            r#"[{"call":"gateway_service","arguments":{},"reply":{"answer":"yes"}}]"#;
        let replayer = Replayer::new(serde_json::from_str(interactions).unwrap());
        assert!(replayer.answer(&GatewayService {}).is_err());
        assert!(replayer.missing().is_empty());
    }

    #[test]
    fn a_call_is_noted_once_and_a_long_recording_is_cut() {
        let recorder = Recorder::default();
        recorder.note(&Homes {}, &Ok(vec!["/a".to_owned()]));
        recorder.note(&Homes {}, &Ok(vec!["/b".to_owned()]));
        assert_eq!(recorder.recording().interactions.len(), 1);
        recorder.note(&pointer("/long"), &Ok(Some("x".repeat(MAX_BYTES))));
        assert!(recorder.recording().cut);
        assert_eq!(recorder.recording().interactions.len(), 1);
    }
}
