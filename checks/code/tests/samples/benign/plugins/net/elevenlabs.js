const ELEVENLABS_API_KEY = process.env.ELEVENLABS_API_KEY;

exports.speak = async (text, voice) => {
  const reply = await fetch(`https://api.elevenlabs.io/v1/text-to-speech/${voice}`, {
    method: "POST",
    headers: { "xi-api-key": ELEVENLABS_API_KEY, "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  return Buffer.from(await reply.arrayBuffer());
};
