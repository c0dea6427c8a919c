import { Button } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconPlugConnectedX } from '@tabler/icons-react';
import { Component, type ReactNode, useEffect, useState } from 'react';
import { A } from './address.tsx';
import { ApiProblem } from './api.ts';
import { t } from './i18n.ts';
import { may, useMe } from './session.tsx';

/** Nothing for 150 ms, then the shape of what comes. */
export function Waiting({ rows = 8, children }: { rows?: number; children?: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  const lines = Array.from({ length: rows }, (_, row) => row);
  return (
    <div role="status" aria-label={t('Loading')}>
      {children ??
        lines.map((row) => (
          <div className="k-skeleton-row" key={row}>
            <Bone width={`${18 + ((row * 7) % 12)}%`} />
            <Bone width={`${30 + ((row * 11) % 20)}%`} />
            <Bone width="10%" />
          </div>
        ))}
    </div>
  );
}

/** The place of a value that is waited for; many of them cost little to draw. */
export const Bone = ({ width, height = 10 }: { width?: string | number; height?: number }) => (
  <span className="k-bone" style={{ width, height }} />
);

type NoteProps = {
  icon?: ReactNode;
  title: string;
  text?: ReactNode;
  children?: ReactNode;
  /** the note is the whole page, and its title the page's */
  page?: boolean;
};

export function Note({ icon, title, text, children, page }: NoteProps) {
  return (
    <div className="k-note">
      {icon ? <div className="k-note-icon">{icon}</div> : null}
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {text ? <p>{text}</p> : null}
      {children ? <div className="k-note-actions">{children}</div> : null}
    </div>
  );
}

/** What went wrong, in the server's own sentence, with the number that finds it in the log. */
type FailedProps = { error: Error; again?: () => void; page?: boolean };

export function Failed({ error, again, page = true }: FailedProps) {
  const problem = error instanceof ApiProblem ? error : null;
  if (problem?.status === 403) return <Forbidden text={problem.message} />;
  const lost = problem?.status === 0;
  const icon = lost ? <IconPlugConnectedX size={22} /> : <IconAlertTriangle size={22} />;
  return (
    <div role="alert">
      <Note
        page={page}
        icon={icon}
        title={lost ? t('The server is not reached') : t('This did not work')}
        text={lost ? t('It is tried again when the server answers.') : error.message}
      >
        {again ? (
          <Button variant="default" onClick={again}>
            {t('Try again')}
          </Button>
        ) : null}
        {problem?.requestId ? <RequestId id={problem.requestId} /> : null}
      </Note>
    </div>
  );
}

function RequestId({ id }: { id: string }) {
  const me = useMe().data;
  const code = <code>{id}</code>;
  return (
    <span className="k-request-id">
      {t('Request')}{' '}
      {me && may(me, 'kernel.administer') ? (
        <A href={`/settings/log?request=${id}`}>{code}</A>
      ) : (
        code
      )}
    </span>
  );
}

export function Forbidden({ text }: { text?: string }) {
  return (
    <Note
      page
      icon={<IconLock size={22} />}
      title={t('You may not see this page')}
      text={text ?? t('Ask an administrator if you need it for your work.')}
    />
  );
}

export function problemText(error: unknown): string {
  if (!(error instanceof ApiProblem)) return (error as Error)?.message ?? String(error);
  if (error.status === 0) return t('The server is not reached. Try again in a moment.');
  // What is ours is found in the log by this number; a refusal says by itself what to do.
  if (error.status < 500 || !error.requestId) return error.message;
  return `${error.message} (${t('Request')} ${error.requestId})`;
}

type BoundaryState = { error: Error | null };

/** A mistake in the page itself: the frame stays, the page says so. */
export class ErrorBoundary extends Component<{ children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null };
  static getDerivedStateFromError(error: Error): BoundaryState {
    return { error };
  }
  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <Failed error={error} again={() => this.setState({ error: null })} />;
  }
}

/** Why something was refused, read out to who doesn't look; nothing where nothing was. */
export function Refusal({ text }: { text: ReactNode }) {
  return text ? (
    <p className="k-problem" role="alert">
      {text}
    </p>
  ) : null;
}
