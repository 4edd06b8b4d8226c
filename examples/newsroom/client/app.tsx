import { Desk } from './desk/desk.tsx';
import { FrontPage } from './front-page.tsx';
import { Masthead } from './masthead.tsx';
import { useHash } from './use-hash.ts';

export function App() {
  const isAtDesk = useHash() === '#desk';
  return (
    <>
      <Masthead isAtDesk={isAtDesk} />
      {isAtDesk ? <Desk /> : <FrontPage />}
    </>
  );
}
