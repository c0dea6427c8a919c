import { ActionIcon, Menu, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconPin,
  IconPinnedFilled,
} from '@tabler/icons-react';
import { type ComponentProps, type ReactElement, useEffect, useRef } from 'react';
import { A, useGo, usePath } from '../base/address.tsx';
import { t } from '../base/i18n.ts';
import { Icon } from '../base/icon.tsx';
import { useSignedIn } from '../base/session.tsx';
import { areaAt, areasOf, type MenuArea, type Place, placeAt, placesOf } from './menu.ts';
import { usePrefer } from './preferences.ts';
import { recentOf } from './recent.ts';

const MOST_RECENT = 5;

/** The areas beside each other: icon and word. Without the pages beside them, each opens its own. */
export function Areas({ narrow }: { narrow: boolean }) {
  const me = useSignedIn();
  const here = areaAt(me, usePath());
  return (
    <div className="k-areas">
      {areasOf(me).map((area) => {
        const link = <AreaLink key={area.name} area={area} isHere={area.name === here?.name} />;
        return narrow ? <Flyout key={area.name} area={area} link={link} /> : link;
      })}
    </div>
  );
}

type AreaLinkProps = ComponentProps<'a'> & { area: MenuArea; isHere: boolean };

function AreaLink({ area, isHere, ...more }: AreaLinkProps) {
  return (
    <A
      {...more}
      className="k-area"
      href={area.places[0]?.href ?? '/'}
      data-area={area.name}
      aria-current={isHere ? 'true' : undefined}
    >
      <Icon name={area.icon} size={20} />
      <span>{area.label}</span>
    </A>
  );
}

/** Where there is no room for pages, they come beside the area that the pointer rests on. */
function Flyout({ area, link }: { area: MenuArea; link: ReactElement }) {
  const go = useGo();
  if (area.places.length < 2) return link;
  return (
    <Menu trigger="hover" position="right-start" offset={4} openDelay={80} closeDelay={120}>
      <Menu.Target>{link}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{area.label}</Menu.Label>
        {area.places.map((place) => (
          <Menu.Item
            key={place.href}
            leftSection={<Icon name={place.icon} size={16} />}
            onClick={() => go(place.href)}
          >
            {place.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The pages of the area that one is in, what one pinned, and at home what one looked at last. */
export function Pages({ collapse }: { collapse: () => void }) {
  const me = useSignedIn();
  const path = usePath();
  const area = areaAt(me, path) ?? areasOf(me)[0];
  const here = placeAt(me, path)?.href;
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where one is comes into sight.
  useEffect(() => {
    // With the page's own layout, and not by one of its own.
    const frame = requestAnimationFrame(() =>
      list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }),
    );
    return () => cancelAnimationFrame(frame);
  }, [here]);
  if (!area) return null;
  return (
    <div className="k-pages">
      <div className="k-pages-head">
        <b>{area.label}</b>
        <Tooltip label={t('Only icons')} position="bottom">
          <ActionIcon size={26} aria-label={t('Only icons')} onClick={collapse}>
            <IconLayoutSidebarLeftCollapse size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className="k-rail-list" ref={list}>
        {area.places.map((place) => (
          <PageLink key={place.href} place={place} isHere={place.href === here} canPin />
        ))}
        <Pinned here={here} shown={area} />
        {area.name === 'home' ? <RecentLinks /> : null}
      </div>
    </div>
  );
}

/** What the person pinned, wherever it stands, but for what is listed above already. */
function Pinned({ here, shown }: { here: string | undefined; shown: MenuArea }) {
  const me = useSignedIn();
  const { pinned = [] } = me.preferences;
  const places = placesOf(me).filter(
    ({ href }) => pinned.includes(href) && !shown.places.some((place) => place.href === href),
  );
  if (places.length === 0) return null;
  return (
    <div className="k-rail-group">
      <div className="k-rail-head">{t('Pinned')}</div>
      {places.map((place) => (
        <PageLink key={place.href} place={place} isHere={place.href === here} canPin />
      ))}
    </div>
  );
}

function RecentLinks() {
  const me = useSignedIn();
  const rows = recentOf(me.user.id).slice(0, MOST_RECENT);
  if (rows.length === 0) return null;
  return (
    <div className="k-rail-group">
      <div className="k-rail-head">{t('Recent')}</div>
      {rows.map(({ href, label, second }) => (
        <A key={href} href={href} className="k-rail-link" title={`${second} · ${label}`}>
          <Icon name="history" />
          <span>{label}</span>
        </A>
      ))}
    </div>
  );
}

type PageLinkProps = { place: Place; isHere: boolean; canPin?: boolean; then?: () => void };

function PageLink({ place, isHere, canPin, then }: PageLinkProps) {
  return (
    <div className="k-rail-row">
      <A
        href={place.href}
        onClick={then}
        className="k-rail-link"
        aria-current={isHere ? 'page' : undefined}
      >
        <Icon name={place.icon} />
        <span>{place.label}</span>
      </A>
      {canPin ? <Pin place={place} /> : null}
    </div>
  );
}

function Pin({ place: { href, label } }: { place: Place }) {
  const { pinned = [] } = useSignedIn().preferences;
  const prefer = usePrefer();
  const isPinned = pinned.includes(href);
  const name = isPinned ? t('Unpin {page}', { page: label }) : t('Pin {page}', { page: label });
  const Drawn = isPinned ? IconPinnedFilled : IconPin;
  const turn = () =>
    void prefer({
      pinned: isPinned ? pinned.filter((one) => one !== href) : [...pinned, href],
    });
  return (
    <ActionIcon
      className="k-pin"
      size={24}
      aria-label={name}
      title={name}
      aria-pressed={isPinned}
      onClick={turn}
    >
      <Drawn size={14} stroke={1.6} />
    </ActionIcon>
  );
}

/** Shows the pages beside the areas again. */
export function Expand({ expand }: { expand: () => void }) {
  return (
    <UnstyledButton
      className="k-area k-area-foot"
      onClick={expand}
      aria-label={t('Show the pages of the menu')}
      title={t('Show the pages of the menu')}
    >
      <IconLayoutSidebarLeftExpand size={18} stroke={1.6} />
    </UnstyledButton>
  );
}

/** The whole menu below each other, for a phone: one area is open, the others fold. */
export function FoldedMenu({ then }: { then: () => void }) {
  const me = useSignedIn();
  const path = usePath();
  const here = placeAt(me, path)?.href;
  const open = areaAt(me, path)?.name;
  return (
    <div className="k-folded">
      {areasOf(me).map((area) => (
        <details key={area.name} name="menu" open={area.name === open}>
          <summary>
            <Icon name={area.icon} size={20} />
            <span>{area.label}</span>
          </summary>
          {area.places.map((place) => (
            <PageLink key={place.href} place={place} isHere={place.href === here} then={then} />
          ))}
        </details>
      ))}
    </div>
  );
}
