import { Bone } from '../../../kernel/ui/base/states.tsx';

/** The shape of a dashboard: figures, then charts. */
export function FiguresWaiting() {
  return (
    <div className="k-page k-dashboard">
      <Bone height={20} width={180} />
      <div className="k-figures">
        {[0, 1, 2, 3, 4, 5].map((at) => (
          <div key={at} className="k-waiting-figure">
            <Bone width={90} />
            <Bone height={24} width={150} />
            <Bone width={170} />
          </div>
        ))}
      </div>
      <div className="k-panels">
        {[0, 1, 2, 3].map((at) => (
          <Bone key={at} height={180} />
        ))}
      </div>
    </div>
  );
}
