import TwoslashFloatingVue from '@shikijs/vitepress-twoslash/client';
import '@shikijs/vitepress-twoslash/style.css';
import '@fontsource-variable/ibm-plex-sans/index.css';
import '@fontsource/ibm-plex-mono/latin-400.css';
import '@fontsource/ibm-plex-mono/latin-500.css';
import '@fontsource/ibm-plex-mono/latin-600.css';
import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import AcceptKey from './handshake/AcceptKey.vue';
import HomePage from './home/HomePage.vue';
import FrameInspector from './inspector/FrameInspector.vue';
import LiveExample from './live/LiveExample.vue';
import './styles/tokens.css';
import './styles/page.css';

/** The components that pages may use by name. */
const components = { AcceptKey, FrameInspector, HomePage, LiveExample };

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.use(TwoslashFloatingVue);
    for (const [name, component] of Object.entries(components)) app.component(name, component);
  },
};

export default theme;
