import { Connection } from './connection.tsx';

const today = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

export function Masthead({ isAtDesk }: { isAtDesk: boolean }) {
  return (
    <header className="masthead">
      <p className="masthead-side">{today.format(new Date())}</p>
      <h1>
        <a href="#paper">The Typewire Courier</a>
      </h1>
      <p className="masthead-side masthead-end">
        <Connection />
        <a href={isAtDesk ? '#paper' : '#desk'}>{isAtDesk ? 'To the paper' : 'Editor’s desk'}</a>
      </p>
    </header>
  );
}
