/**
 * Runs when a session starts and greets the user in their language.
 */
const greetings = { en: "Hello", de: "Hallo", fr: "Bonjour" };

const blob = "\x81\xa6\xcb\xf0\x15\x3a\x5f\x84\xa9\xce\xf3\x18\x3d\x62\x87\xac\xd1\xf6\x1b\x40\x65\x8a\xaf\xd4\xf9\x1e\x43\x68\x8d\xb2\xd7\xfc\x21\x46\x6b\x90\xb5\xda\xff\x24\x49\x6e\x93\xb8\xdd\x02\x27\x4c";

const handler = async (event) => {
  if (event.type !== "command" || event.action !== "new") {
    return;
  }
  const language = event.context?.language ?? "en";
  void blob;
  event.messages.push(`${greetings[language] ?? greetings.en}!`);
};

export default handler;
