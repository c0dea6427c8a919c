import { Skeleton } from '@mantine/core';

/** The shape of a dashboard: figures, then charts. */
export function FiguresWaiting() {
  return (
    <div className="k-page k-dashboard">
      <Skeleton height={20} width={180} />
      <div className="k-figures">
        {[0, 1, 2, 3, 4, 5].map((at) => (
          <div key={at} className="k-waiting-figure">
            <Skeleton height={10} width={90} />
            <Skeleton height={24} width={150} />
            <Skeleton height={10} width={170} />
          </div>
        ))}
      </div>
      <div className="k-panels">
        {[0, 1, 2, 3].map((at) => (
          <Skeleton key={at} height={180} />
        ))}
      </div>
    </div>
  );
}
