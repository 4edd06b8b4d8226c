import { defineConfig } from 'vitepress';
import { outsideAddress, repository, site } from './repository.ts';
import { createNav, createSidebar } from './sidebar.ts';
import { createTwoslash } from './twoslash/transformer.ts';

const source = '@typewire/source';
const description = 'Typed calls, streams and channels over one WebSocket that survives its network.';

export default defineConfig({
  title: 'Typewire',
  titleTemplate: ':title · Typewire',
  description,
  lang: 'en',
  srcDir: site,
  srcExclude: ['README.md', 'snippets/**', 'test/**'],
  cleanUrls: true,
  lastUpdated: false,
  head: [
    ['link', { rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', content: '#fbfaf7', media: '(prefers-color-scheme: light)' }],
    ['meta', { name: 'theme-color', content: '#121416', media: '(prefers-color-scheme: dark)' }],
  ],
  markdown: {
    theme: { light: 'vitesse-light', dark: 'vitesse-dark' },
    languages: ['ts', 'tsx', 'js', 'vue', 'sh', 'json', 'html', 'nginx'],
    codeTransformers: [createTwoslash()],
    config(md) {
      md.core.ruler.push('links-out-of-the-site', ({ tokens, env }) => {
        for (const token of tokens.flatMap(({ children }) => children ?? [])) {
          const outside = token.type === 'link_open' && outsideAddress(token.attrGet('href') ?? '', env.path);
          if (outside) token.attrSet('href', outside);
        }
      });
    },
  },
  themeConfig: {
    logo: '/mark.svg',
    nav: createNav(),
    sidebar: createSidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Improve this page' },
    footer: { message: 'MIT licence' },
  },
  vite: {
    resolve: { conditions: [source, 'module', 'browser', 'development|production'] },
    ssr: { resolve: { conditions: [source, 'module', 'node', 'development|production'] } },
  },
});
