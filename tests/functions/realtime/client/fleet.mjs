// Many clients of one course in one process, for the bench: `node fleet.mjs URL TOKENS_FILE COURSE COUNT EVENTS`.
//
// COURSE "" subscribes to nothing. Prints {"ready": n} once all are connected and, where there is a course, have its state;
// then for each of the EVENTS (names parted by commas) that all of them heard one line with its `mark` (session id, participant or number) and the instants
// at which they heard it, in milliseconds of the machine's own clock.
import { readFileSync } from "node:fs";
import { io } from "socket.io-client";

const [url, tokensFile, course, count, events] = process.argv.slice(2);
const tokens = JSON.parse(readFileSync(tokensFile, "utf8"));
const total = Number(count);
const heard = new Map();
const now = () => performance.timeOrigin + performance.now();
const tell = (told) => process.stdout.write(JSON.stringify(told) + "\n");
const markOf = (told) => told.mark ?? told.participant?.email ?? told.session_id;
let ready = 0;

const note = (told) => {
  const mark = markOf(told);
  const at = heard.get(mark) ?? [];
  heard.set(mark, at);
  at.push(now());
  if (at.length < total) return;
  heard.delete(mark);
  tell({ mark, at });
};

const isReady = () => {
  ready += 1;
  if (ready === total) tell({ ready });
};

const connect = (number) =>
  new Promise((resolve) => {
    const options = { transports: ["websocket"], forceNew: true, auth: { token: tokens[number % tokens.length] } };
    const socket = io(url, options);
    socket.on("connect_error", (error) => error.message === "websocket error" || tell({ refused: error.message }));
    socket.on("disconnect", (reason) => tell({ lost: reason }));
    for (const event of events.split(",")) socket.on(event, note);
    socket.once("connect", () => {
      if (course === "") isReady();
      else socket.emit("subscribeToCourse", { course_id: course }, (answer) => (answer.success ? isReady() : tell(answer)));
      resolve();
    });
  });

const lanes = Array.from({ length: 20 }, async (_, lane) => {
  for (let number = lane; number < total; number += 20) await connect(number);
});
await Promise.all(lanes);
process.stdin.on("end", () => process.exit(0)).resume();
