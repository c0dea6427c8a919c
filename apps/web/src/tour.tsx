import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { t } from '../../../kernel/ui/base/i18n.ts';
import { may, useSignedIn } from '../../../kernel/ui/base/session.tsx';
import type { Me } from '../../../kernel/ui/base/types.ts';

type Step = { at: string; title: string; text: string };

/** Five things that a new person wants to know, by what they may do; at the foot of the page. */
export default function Tour({ done }: { done: () => void }) {
  const me = useSignedIn();
  const steps = stepsFor(me);
  const [at, setAt] = useState(0);
  const step = steps[at];
  useEffect(() => {
    const shown = step && document.querySelector(step.at);
    shown?.setAttribute('data-toured', '');
    return () => shown?.removeAttribute('data-toured');
  }, [step]);
  if (!step) return null;
  const last = at === steps.length - 1;
  return (
    <section className="k-tour" aria-label={t('Tour')} aria-live="polite">
      <small>{t('{n} of {all}', { n: at + 1, all: steps.length })}</small>
      <h2>{step.title}</h2>
      <p>{step.text}</p>
      <div className="k-actions">
        {last ? null : (
          <Button variant="subtle" color="gray" onClick={done}>
            {t('Skip the tour')}
          </Button>
        )}
        {at > 0 ? (
          <Button variant="default" onClick={() => setAt(at - 1)}>
            {t('Back')}
          </Button>
        ) : null}
        <Button onClick={() => (last ? done() : setAt(at + 1))}>
          {last ? t('Done') : t('Next')}
        </Button>
      </div>
    </section>
  );
}

function stepsFor(me: Me): Step[] {
  const sells = may(me, 'pos.sell');
  const brings = may(me, 'kernel.import');
  return [
    {
      at: '.k-rail',
      title: t('Everything is in this menu'),
      text: t('You see what your role needs. On a phone it is behind the button at the top.'),
    },
    {
      at: '.k-search',
      title: t('Go anywhere with Ctrl K'),
      text: t(
        'A page, a customer by phone, a product by its barcode: type a few letters and press Enter.',
      ),
    },
    sells
      ? {
          at: '.k-area[href="/till"]',
          title: t('Sell at the till'),
          text: t(
            'It works by keyboard alone, by touch and with a scanner, and goes on when the network is away.',
          ),
        }
      : {
          at: '.k-area[href="/reports"]',
          title: t('Look at the figures'),
          text: t('Reports and lists say what they are made of, and can be taken along as files.'),
        },
    brings
      ? {
          at: '.k-area[data-area=settings]',
          title: t('Bring what you have'),
          text: t('Drop spreadsheets: you see how each is understood before anything is kept.'),
        }
      : {
          at: '.k-main',
          title: t('Nothing is lost'),
          text: t(
            'What you change can be seen in its history, and lists come back as you left them.',
          ),
        },
    {
      at: '.k-person',
      title: t('Make it yours'),
      text: t('Language, theme and password are here. Press ? on any page for its keys.'),
    },
  ];
}
