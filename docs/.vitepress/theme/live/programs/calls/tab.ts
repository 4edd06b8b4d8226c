export * from '../tab.ts';
