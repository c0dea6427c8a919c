/// <reference types="vite/client" />
declare module '@fontsource-variable/*.css';
declare module 'virtual:module-pages' {
  type Load<T> = () => Promise<{ default: T }>;
  /** `module/page` → its component. */
  export const pages: Record<string, Load<import('react').ComponentType>>;
  /** Language → module from elsewhere → its words. */
  export const words: Record<string, Record<string, Load<Record<string, string>>>>;
}
