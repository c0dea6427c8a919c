export interface Step {
  step: string;
  done: number;
  total: number;
}

/** Progress for people: one line that is rewritten at a terminal, else a line for each step. */
export function progressOn(stream: NodeJS.WriteStream): { tell(step: Step): void; end(): void } {
  let last = '';
  let told = 0;
  return {
    tell({ step, done, total }) {
      if (!stream.isTTY) {
        if (step !== last) stream.write(`${step} …\n`);
        last = step;
        return;
      }
      if (step === last && done < total && Date.now() - told < 100) return;
      last = step;
      told = Date.now();
      const share = total > 0 ? `${Math.floor((100 * done) / total)} %` : done || '';
      stream.write(`\r\u001b[K${step} … ${share}`);
    },
    end() {
      if (stream.isTTY && last) stream.write('\r\u001b[K');
    },
  };
}
