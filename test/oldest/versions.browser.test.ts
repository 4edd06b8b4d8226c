import react from 'react';
import reactDom from 'react-dom';
import { expect, it } from 'vitest';
import * as vue from 'vue';
import manifest from './package.json' with { type: 'json' };

it('runs the tests of this project with the frameworks of this folder', () => {
  const { react: oldestReact, 'react-dom': oldestReactDom, vue: oldestVue } = manifest.dependencies;
  // React 18.0.0 also names the commit it was made of.
  const versions = [react.version, reactDom.version, vue.version].map((version) => version.split('-')[0]);
  expect(versions).toEqual([oldestReact, oldestReactDom, oldestVue]);
});
