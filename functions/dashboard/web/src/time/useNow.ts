import { useSyncExternalStore } from "react";

/** One clock for the whole page, so that everything that moves moves together. */
class Ticker {
  now = Date.now();
  readonly #followers = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly everyMs: number) {}

  readonly follow = (changed: () => void): (() => void) => {
    this.#followers.add(changed);
    this.#timer ??= setInterval(this.#tick, this.everyMs);
    return () => {
      this.#followers.delete(changed);
      if (this.#followers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly look = (): number => (this.#timer === undefined ? (this.now = this.#fresh()) : this.now);

  /** Within one tick the same number, or reading it twice in one rendering would never settle. */
  #fresh(): number {
    const now = Date.now();
    return now - this.now < this.everyMs ? this.now : now;
  }

  readonly #tick = (): void => {
    this.now = Date.now();
    for (const follower of [...this.#followers]) follower();
  };
}

const second = new Ticker(1000);
const minute = new Ticker(15_000);

/** The present instant in milliseconds, told anew each second, or four times a minute. */
export function useNow(how: "second" | "minute" = "second"): number {
  const ticker = how === "second" ? second : minute;
  return useSyncExternalStore(ticker.follow, ticker.look);
}
