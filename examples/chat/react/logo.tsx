export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="7" />
      <path d="M6 9h9m-3-3 3 3-3 3m6 3H9m3-3-3 3 3 3" />
    </svg>
  );
}
