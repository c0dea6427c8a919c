/// <reference types="vite/client" />
declare module '@fontsource-variable/*.css';
declare module 'virtual:module-pages' {
  type Load<T> = () => Promise<{ default: T }>;
  /** `module/page` → its component. */
  export const pages: Record<string, Load<import('react').ComponentType>>;
  /** Language → the texts of all modules, those of their screens among them. */
  export const texts: Record<string, Load<Record<string, string>>>;
}
