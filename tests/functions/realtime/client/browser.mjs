// The browser's side of the tests: takes commands as JSON lines on stdin, tells what happens as JSON lines on stdout.
//
// {do: "open", name, url, options, follows} connect a socket that subscribes to these courses whenever it is connected
// {do: "emit", name, event, args, asks}     emit; `asks` is echoed with the acknowledgement, where one is wanted
// {do: "pause" | "resume", name}            stop reading from the network, or go on
// {do: "close", name}                       disconnect for good
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const sockets = new Map();
const tell = (name, event, ...args) => process.stdout.write(JSON.stringify({ name, event, args }) + "\n");

const open = ({ name, url, options, follows }) => {
  const socket = io(url, { forceNew: true, reconnectionDelay: 100, reconnectionDelayMax: 400, ...options });
  sockets.set(name, socket);
  socket.io.on("open", () => {
    const engine = socket.io.engine;
    engine.on("upgrade", (transport) => tell(name, "!upgrade", transport.name));
    engine.on("packet", (packet) => tell(name, "!packet", String(packet.data ?? "")));
  });
  socket.on("connect", () => {
    tell(name, "connect", socket.io.engine.transport.name, socket.recovered);
    for (const course_id of follows) socket.emit("subscribeToCourse", { course_id });
  });
  socket.on("connect_error", (error) => tell(name, "connect_error", error.message, error.data ?? null));
  socket.on("disconnect", (reason) => tell(name, "disconnect", reason));
  socket.onAny((event, ...args) => tell(name, event, ...args));
};

const act = (told) => {
  const socket = sockets.get(told.name);
  if (told.do === "open") return open(told);
  if (told.do === "close") return socket.disconnect();
  if (told.do === "pause") return socket.io.engine.transport.ws.pause();
  if (told.do === "resume") return socket.io.engine.transport.ws.resume();
  if (told.asks === undefined) return socket.emit(told.event, ...told.args);
  return socket.emit(told.event, ...told.args, (answer) => tell(told.name, "!ack", told.asks, answer));
};

createInterface({ input: process.stdin })
  .on("line", (line) => act(JSON.parse(line)))
  .on("close", () => process.exit(0));
