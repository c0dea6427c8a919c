import { createTheme, type MantineColorsTuple } from '@mantine/core';
import { t } from '../base/i18n.ts';

const teal: MantineColorsTuple = [
  '#ebf6f4',
  '#d6ece8',
  '#abd8d1',
  '#7cc3b9',
  '#52b0a4',
  '#2f9c90',
  '#17867b',
  '#0d6e66',
  '#0a5a54',
  '#074741',
];

const gray: MantineColorsTuple = [
  '#f7f8f8',
  '#f0f2f1',
  '#e4e7e6',
  '#d3d8d6',
  '#b9c0be',
  '#8c9693',
  '#5d6866',
  '#45504d',
  '#2b3533',
  '#15201e',
];

const dark: MantineColorsTuple = [
  '#e4e9e7',
  '#c2cac7',
  '#a1aba8',
  '#7a8582',
  '#36403d',
  '#2a3330',
  '#1e2523',
  '#141918',
  '#0f1312',
  '#0a0d0c',
];

/** Deep teal on a cool neutral; dense sizes; filled colours dark enough for white text. */
export const makeTheme = () =>
  createTheme({
    primaryColor: 'teal',
    primaryShade: { light: 7, dark: 7 },
    autoContrast: true,
    colors: { teal, gray, dark },
    black: '#15201e',
    fontFamily: 'var(--k-font)',
    fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
    headings: { fontWeight: '600', sizes: { h1: { fontSize: '20px', lineHeight: '28px' } } },
    defaultRadius: 6,
    cursorType: 'pointer',
    focusRing: 'auto',
    respectReducedMotion: true,
    components: {
      Button: { defaultProps: { size: 'sm' } },
      ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
      Badge: {
        defaultProps: { variant: 'light', radius: 4 },
        styles: { root: { textTransform: 'none' } },
      },
      Modal: {
        defaultProps: {
          centered: true,
          radius: 8,
          overlayProps: { backgroundOpacity: 0.35 },
          transitionProps: { duration: 100 },
          closeButtonProps: { 'aria-label': t('Close') },
          // The head of a dialog is no banner of the page.
          attributes: { header: { role: 'presentation' } },
        },
      },
      Drawer: {
        defaultProps: {
          overlayProps: { backgroundOpacity: 0.35 },
          closeButtonProps: { 'aria-label': t('Close') },
          attributes: { header: { role: 'presentation' } },
        },
      },
      InputWrapper: {
        defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
      },
      Menu: {
        defaultProps: {
          shadow: 'md',
          transitionProps: { duration: 80 },
          withInitialFocusPlaceholder: false,
        },
      },
      Popover: { defaultProps: { shadow: 'md', transitionProps: { duration: 80 } } },
      Select: {
        defaultProps: { comboboxProps: { shadow: 'md', transitionProps: { duration: 0 } } },
      },
      Tooltip: { defaultProps: { openDelay: 400, transitionProps: { duration: 80 } } },
      PasswordInput: {
        defaultProps: {
          size: 'sm',
          visibilityToggleButtonProps: { 'aria-label': t('Show or hide the password') },
        },
      },
      TextInput: { defaultProps: { size: 'sm' } },
    },
  });
