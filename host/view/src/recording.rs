//! What a module asked and what it was told, kept so that the same answers can be given again without the machine that they
//! came from.
//!
//! A tape holds answers as the module got them: sealed, and within its grants. Nothing that a module could not see may enter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Answer, Format, Refusal};
use chitin_collect::facts::InstallKind;

/// A tape longer than this is cut, and says so.
const MAX_BYTES: usize = 32 << 20;
const MAX_QUESTIONS: usize = 100_000;

/// Questions without an answer that are kept word for word.
const MAX_MISSING: usize = 100;

/// Everything that a module can ask.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Question {
    Effective { pointer: String },
    Authored { pointer: String },
    Provenance { pointer: String },
    Problems,
    Roots,
    Describe { root: String, path: String },
    Stat { root: String, path: String },
    List { root: String, path: String },
    Read { root: String, path: String, format: Format, max_bytes: u32 },
    Platform,
    Environment { name: String },
    GatewayService,
    AuthOverride,
    Homes,
    BindSource { pointer: String },
    ExecApprovals,
    PairingStore { channel: String, account: String },
    InstallRecords { kind: InstallKind },
    BrowserContainers,
    GatewayProbe,
    Scan { root: String, path: String, entries: Vec<String> },
}

/// An answer in its written form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Told {
    Answer(Value),
    NotGranted(String),
    Unavailable(String),
    NotHere(String),
}

/// One question with what was said to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    #[serde(flatten)]
    question: Question,
    #[serde(flatten)]
    told: Told,
}

/// JSON text that stands as JSON on a tape, where it comes back as the same text.
pub(super) struct Document(pub(super) String);

/// The key of a text that would not come back the same.
const RAW: &str = "$text";

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let comes_back = |value: &Value| {
            let text = value.to_string();
            value.get(RAW).is_none() && text == self.0
        };
        match serde_json::from_str::<Value>(&self.0).ok().filter(comes_back) {
            Some(value) => value.serialize(serializer),
            None => BTreeMap::from([(RAW, &self.0)]).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let raw = value.get(RAW).and_then(Value::as_str).map(str::to_owned);
        Ok(Self(raw.unwrap_or_else(|| value.to_string())))
    }
}

/// Listens to a view.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    tape: Arc<Mutex<Tape>>,
}

/// What was heard, in the order of the questions.
#[derive(Debug, Clone, Default)]
pub struct Tape {
    pub exchanges: Vec<Exchange>,
    /// Something was left out, because it was too much.
    pub cut: bool,
    asked: BTreeSet<Question>,
    bytes: usize,
}

/// What was said before a panic elsewhere is still what was said.
fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Recorder {
    /// Notes an answer. A question has one answer in a run, so it is noted once.
    pub(super) fn note<T: Serialize>(&self, question: Question, answer: &Answer<T>) {
        let mut tape = open(&self.tape);
        if tape.asked.contains(&question) {
            return;
        }
        let told = match answer {
            Ok(answer) => match serde_json::to_value(answer) {
                Ok(value) => Told::Answer(value),
                Err(_unwritable) => {
                    tape.cut = true;
                    return;
                }
            },
            Err(Refusal::NotGranted(reason)) => Told::NotGranted(reason.clone()),
            Err(Refusal::Unavailable(reason)) => Told::Unavailable(reason.clone()),
            Err(Refusal::NotHere(reason)) => Told::NotHere(reason.clone()),
        };
        let exchange = Exchange { question: question.clone(), told };
        let bytes = serde_json::to_string(&exchange).map_or(MAX_BYTES, |text| text.len());
        if tape.asked.len() >= MAX_QUESTIONS || tape.bytes.saturating_add(bytes) > MAX_BYTES {
            tape.cut = true;
            return;
        }
        tape.bytes += bytes;
        tape.asked.insert(question);
        tape.exchanges.push(exchange);
    }

    /// What was heard so far.
    pub fn tape(&self) -> Tape {
        open(&self.tape).clone()
    }
}

/// Gives the answers of a tape.
#[derive(Debug, Clone, Default)]
pub struct Player {
    answers: Arc<BTreeMap<Question, Told>>,
    missing: Arc<Mutex<Vec<Question>>>,
}

impl Player {
    pub fn new(exchanges: Vec<Exchange>) -> Self {
        let answers =
            exchanges.into_iter().map(|exchange| (exchange.question, exchange.told)).collect();
        Self { answers: Arc::new(answers), missing: Arc::default() }
    }

    pub(super) fn answer<T: DeserializeOwned>(&self, question: Question) -> Answer<T> {
        match self.answers.get(&question) {
            Some(Told::Answer(value)) => serde_json::from_value(value.clone()).map_err(|_| {
                Refusal::Unavailable("the record has a malformed answer to this".to_owned())
            }),
            Some(Told::NotGranted(reason)) => Err(Refusal::NotGranted(reason.clone())),
            Some(Told::Unavailable(reason)) => Err(Refusal::Unavailable(reason.clone())),
            Some(Told::NotHere(reason)) => Err(Refusal::NotHere(reason.clone())),
            None => {
                let mut missing = open(&self.missing);
                if missing.len() < MAX_MISSING && !missing.contains(&question) {
                    missing.push(question);
                }
                Err(Refusal::Unavailable("the record has no answer to this".to_owned()))
            }
        }
    }

    /// What was asked and is not on the tape, in order; the first ones.
    pub fn missing(&self) -> Vec<Question> {
        open(&self.missing).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer(pointer: &str) -> Question {
        Question::Effective { pointer: pointer.to_owned() }
    }

    fn written(recorder: &Recorder) -> Vec<Exchange> {
        let text = serde_json::to_string(&recorder.tape().exchanges).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn answers_come_back_as_they_were() {
        let recorder = Recorder::default();
        let texts = [r#"{"a":[1,2.5,"x"]}"#, r#"{"$text":"y"}"#, "1e999", "not json", "\"s\""];
        for (index, text) in texts.iter().enumerate() {
            recorder.note(pointer(&format!("/{index}")), &Ok(Some(Document((*text).to_owned()))));
        }
        recorder.note(pointer("/none"), &Ok(None::<Document>));
        recorder.note(Question::Platform, &Err::<(), _>(Refusal::NotGranted("no".to_owned())));
        let player = Player::new(written(&recorder));
        for (index, text) in texts.iter().enumerate() {
            let answer: Option<Document> = player.answer(pointer(&format!("/{index}"))).unwrap();
            assert_eq!(answer.unwrap().0, *text);
        }
        assert!(player.answer::<Option<Document>>(pointer("/none")).unwrap().is_none());
        assert_eq!(
            player.answer::<String>(Question::Platform),
            Err(Refusal::NotGranted("no".to_owned()))
        );
        assert!(player.missing().is_empty());
    }

    #[test]
    fn what_is_not_on_the_tape_is_named() {
        let player = Player::new(Vec::new());
        for _ in 0..2 {
            assert!(matches!(
                player.answer::<bool>(Question::GatewayService),
                Err(Refusal::Unavailable(_))
            ));
        }
        assert_eq!(player.missing(), [Question::GatewayService]);
    }

    #[test]
    fn an_answer_of_the_wrong_shape_is_refused() {
        let recorder = Recorder::default();
        recorder.note(Question::GatewayService, &Ok("yes"));
        let player = Player::new(written(&recorder));
        assert!(player.answer::<bool>(Question::GatewayService).is_err());
    }

    #[test]
    fn a_question_is_noted_once_and_a_long_tape_is_cut() {
        let recorder = Recorder::default();
        recorder.note(pointer("/a"), &Ok(1));
        recorder.note(pointer("/a"), &Ok(2));
        assert_eq!(recorder.tape().exchanges.len(), 1);
        recorder.note(pointer("/long"), &Ok("x".repeat(MAX_BYTES)));
        assert!(recorder.tape().cut);
        assert_eq!(recorder.tape().exchanges.len(), 1);
    }
}
