import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../../../kernel/ui/base/api.ts';
import { t } from '../../../../kernel/ui/base/i18n.ts';
import { may, useSignedIn } from '../../../../kernel/ui/base/session.tsx';
import { Forbidden, problemText, Refusal } from '../../../../kernel/ui/base/states.tsx';
import { show, useAppearance } from '../../../../kernel/ui/shell/appearance.ts';

const proposed = [
  '#0d6e66',
  '#1f5fa8',
  '#5b3fa8',
  '#a02c6b',
  '#b3372b',
  '#a35a00',
  '#3f7a2a',
  '#444f5a',
];
const most = 200_000;

/** The business's own colour and logo. */
export default function AppearancePage() {
  const me = useSignedIn();
  const { accent, logo } = useAppearance();
  const [chosen, setChosen] = useState(accent ?? '');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const good = /^#[0-9a-f]{6}$/i.test(chosen);
  // It is seen at once, and as it was again where it isn't kept.
  useEffect(() => {
    show(good ? chosen : accent);
    return () => show(accent);
  }, [chosen, good, accent]);
  if (!may(me, 'kernel.administer')) return <Forbidden />;
  const set = async (said: object) => {
    setBusy(true);
    setProblem('');
    try {
      await api.call('kernel.appearance.set', said);
      await client.invalidateQueries({ queryKey: ['appearance'] });
    } catch (error) {
      setProblem(problemText(error));
    }
    setBusy(false);
  };
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (!/^image\/(png|jpeg|webp)$/.test(file.type))
      return setProblem(t('Choose a picture as PNG, JPEG or WebP.'));
    if (file.size > most) return setProblem(t('The logo is larger than 200 kB. Make it smaller.'));
    const bytes = new Uint8Array(await file.arrayBuffer());
    const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    await set({ logo: { type: file.type, base64 } });
  };
  return (
    <div className="k-page k-narrow k-stack">
      <h1>{t('Colour and logo')}</h1>
      <Refusal text={problem} />
      <TextInput
        label={t('Colour')}
        description={t('Text on it stays readable: how light it is follows the theme.')}
        placeholder={proposed[0]}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value.trim())}
        error={chosen && !good ? t('Write a colour as #0d6e66.') : undefined}
        rightSection={
          <input
            type="color"
            className="k-color"
            aria-label={t('Pick a colour')}
            value={good ? chosen.toLowerCase() : (accent ?? proposed[0])}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        }
      />
      <div className="k-swatches">
        {proposed.map((color) => (
          <button
            key={color}
            type="button"
            aria-label={color}
            aria-pressed={color === chosen.toLowerCase()}
            style={{ background: color }}
            onClick={() => setChosen(color)}
          />
        ))}
      </div>
      <div className="k-actions">
        <Button
          variant="default"
          disabled={!accent || busy}
          onClick={() => {
            setChosen('');
            void set({ accent: null });
          }}
        >
          {t('Take Kontor’s own')}
        </Button>
        <Button
          loading={busy}
          disabled={!good || chosen.toLowerCase() === accent}
          onClick={() => void set({ accent: chosen })}
        >
          {t('Keep this colour')}
        </Button>
      </div>
      <h2>{t('Logo')}</h2>
      <div className="k-logo">
        <img src={logo ?? '/icon.svg'} alt={logo ? t('Your logo') : t('Kontor’s own')} />
        <input
          ref={chooser}
          type="file"
          accept="image/png,image/jpeg,image/webp"
          hidden
          aria-label={t('Choose a logo')}
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        <Button variant="default" loading={busy} onClick={() => chooser.current?.click()}>
          {t('Choose a logo')}
        </Button>
        {logo ? (
          <Button variant="default" disabled={busy} onClick={() => void set({ logo: null })}>
            {t('Remove')}
          </Button>
        ) : null}
      </div>
      <p className="k-dim">{t('PNG, JPEG or WebP, at most 200 kB; square looks best.')}</p>
    </div>
  );
}
