import type { ContactView } from './families-view.ts';
import { NameOfSource } from './name-of-source.tsx';

interface ContactsProps {
  readonly contacts: readonly ContactView[] | undefined;
}

/** Whom to turn to. Numbers are text: each is to be checked before it is used. */
export function Contacts({ contacts }: ContactsProps) {
  if (contacts === undefined)
    return (
      <p role="status">
        The contacts have not been fetched from the service, so none can be shown. Ask your team whom you can turn to.
      </p>
    );
  if (contacts.length === 0) return <p>No contacts are recorded here. Ask your team whom you can turn to.</p>;
  return (
    <>
      <p>
        Your own team comes first. Each contact below was recorded on its date. Numbers change, so check them before you
        use them.
      </p>
      {contacts.map((view) => (
        <ContactCard key={view.contact.id} {...view} />
      ))}
    </>
  );
}

function ContactCard({
  contact: { name, about: sentences, lines = [], url, takenFrom },
  about,
  recorded,
  source,
}: ContactView) {
  return (
    <div class="families-contact">
      <h3>{name}</h3>
      <p class="quiet">{about}</p>
      {sentences.map((text) => (
        <p key={text}>{text}</p>
      ))}
      {lines.length > 0 && (
        <dl class="families-lines">
          {lines.map(({ label, number }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{number}</dd>
            </div>
          ))}
        </dl>
      )}
      {url !== undefined && (
        <p>
          <a href={url} target="_blank" rel="noopener noreferrer">
            {url}
          </a>
        </p>
      )}
      <p class="families-sources">
        <strong>{recorded}.</strong> {source !== undefined && <NameOfSource {...source} />}
        {takenFrom !== undefined && ` From: ${takenFrom}`}
      </p>
    </div>
  );
}
