// How far a long command is: a bar with the time left on a terminal, elsewhere a plain line now and then. Goes to standard
// error, so that standard output stays for what a program may read.
import { MultiBar, Presets } from "cli-progress";

export interface Progress {
  /** `share` of the work, in [0, 1], is over; `doing` says in a few words what goes on. Null: the time left is not known. */
  update(share: number, secondsLeft: number | null, doing: string): void;
  /** A line that stays: something is finished. */
  note(line: string): void;
  /** Takes the bar away. To be called however the work ends. */
  stop(): void;
}

const secondsBetweenLines = 5;

/** A bar when `stream` is a terminal, lines elsewhere. `nowSeconds` never goes back. */
export function createProgress(
  stream: NodeJS.WriteStream = process.stderr,
  nowSeconds: () => number = () => performance.now() / 1000,
): Progress {
  return stream.isTTY ? terminalProgress(stream) : lineProgress(stream, nowSeconds);
}

function terminalProgress(stream: NodeJS.WriteStream): Progress {
  const options = {
    stream,
    format: "{bar} {percentage} % · {left} · {doing}",
    hideCursor: true,
    clearOnComplete: true,
    barsize: 24,
  };
  const bars = new MultiBar(options, Presets.shades_classic);
  let bar: ReturnType<MultiBar["create"]> | undefined;
  const stop = () => {
    process.off("exit", stop);
    if (bar === undefined) return;
    bar = undefined;
    bars.update(); // brings out what was noted last
    bars.stop();
  };
  process.once("exit", stop); // a process that ends early leaves the cursor as it found it
  return {
    update: (share, secondsLeft, doing) => {
      const payload = { left: timeLeft(secondsLeft), doing };
      bar ??= bars.create(1, share, payload);
      bar.update(share, payload);
    },
    note: (line) => (bar === undefined ? void stream.write(`${line}\n`) : bars.log(`${line}\n`)),
    stop,
  };
}

function lineProgress(stream: NodeJS.WritableStream, nowSeconds: () => number): Progress {
  let next = nowSeconds() + secondsBetweenLines;
  const write = (line: string) => void stream.write(`${line}\n`);
  return {
    update: (share, secondsLeft, doing) => {
      if (nowSeconds() < next) return;
      next = nowSeconds() + secondsBetweenLines;
      write(`${Math.floor(100 * share)} % · ${timeLeft(secondsLeft)} · ${doing}`);
    },
    note: write,
    stop: () => undefined,
  };
}

function timeLeft(seconds: number | null): string {
  return seconds === null ? "time left unknown" : `${duration(seconds)} left`;
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
