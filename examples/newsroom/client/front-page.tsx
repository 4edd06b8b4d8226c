import { SectionColumn } from './section-column.tsx';
import { SectionPicker } from './section-picker.tsx';
import { useRegistered } from './use-registered.ts';

export function FrontPage() {
  const [registered, toggle] = useRegistered();
  return (
    <main>
      <SectionPicker registered={registered} toggle={toggle} />
      {registered.length === 0 && <p className="nothing">Nothing goes out to you. Register for a section above.</p>}
      <div className="columns">
        {registered.map((section) => (
          <SectionColumn key={section} section={section} />
        ))}
      </div>
    </main>
  );
}
