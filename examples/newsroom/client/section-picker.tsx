import { type Section, sections } from '../server/sections.ts';

interface SectionPickerProps {
  registered: readonly Section[];
  toggle: (section: Section) => void;
}

/** What the reader wants to be sent. */
export function SectionPicker({ registered, toggle }: SectionPickerProps) {
  return (
    <fieldset className="picker">
      <legend>Send me</legend>
      {sections.map((section) => (
        <label key={section}>
          <input type="checkbox" checked={registered.includes(section)} onChange={() => toggle(section)} />
          <span>{section}</span>
        </label>
      ))}
    </fieldset>
  );
}
