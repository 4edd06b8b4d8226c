import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

export interface Editor {
  set(text: string): void;
  destroy(): void;
}

/** Colours come from the page's variables, so that they follow its light and dark. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--tw-key)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--tw-payload)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--tw-length)' },
  { tag: [tags.comment], color: 'var(--vp-c-text-3)', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.className], color: 'var(--tw-mask)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: 'var(--tw-opcode)' },
]);

const look = EditorView.theme({
  '&': { fontSize: '13px', height: '100%', color: 'var(--vp-c-text-1)', backgroundColor: 'transparent' },
  '.cm-scroller': { fontFamily: 'var(--vp-font-family-mono)', lineHeight: '1.6' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--vp-c-text-3)', border: '0' },
  '.cm-content': { caretColor: 'var(--vp-c-text-1)', padding: '12px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--vp-c-text-1)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'var(--vp-c-brand-soft) !important',
  },
});

/** A small editor for TypeScript in `parent`. Ctrl+Enter, or Cmd+Enter, runs. */
export function createEditor(
  parent: HTMLElement,
  text: string,
  onChange: (text: string) => void,
  onRun: () => void,
): Editor {
  const run = () => {
    onRun();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([{ key: 'Mod-Enter', run }, indentWithTab, ...defaultKeymap, ...historyKeymap]),
        history(),
        lineNumbers(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        look,
        EditorView.contentAttributes.of({ 'aria-label': 'Source of the example' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    set: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
    destroy: () => view.destroy(),
  };
}
