#pragma once

#include "document/fields.h"
#include "rollout/commitfrom.h"
#include "workspace/control.h"

namespace pilothouse {

// Readings that several maps of a workspace have in common.

/// `credential`, if it is one of `allowed`; `absent` if the key is not there. The value found never
/// gets into a message: it may be a token. A file's path is relative to `folder`.
[[nodiscard]] CredentialChoice readCredential(Fields &fields,
                                              const QList<CredentialChoice::Kind> &allowed,
                                              const CredentialChoice &absent,
                                              const QString &folder = {});

/// Where the credential of a metrics server or of an Alertmanager may come from.
[[nodiscard]] QList<CredentialChoice::Kind> serverCredentials();

/// `user`: whose password the credential is (HTTP Basic); empty = it is a bearer token. Reports one
/// without a credential.
[[nodiscard]] QString readBasicUser(Fields &fields, const CredentialChoice &credential);

/// The address under `key`, by the rule: http beyond loopback only with `allow_http: true` beside
/// it, and never with a credential.
[[nodiscard]] ServerAddress readAddress(Fields &fields, const char *key, Fields::Need need,
                                        const CredentialChoice &credential);

/// Reports a credential that would go over an open connection. `fields` has the key `credential`.
void refuseOpenCredential(Fields &fields, const ServerAddress &address,
                          const CredentialChoice &credential);

/// `commit_from`: "image-tag" (default), "label" or "label NAME".
[[nodiscard]] CommitFrom readCommitFrom(Fields &fields);

/// A path of this machine, absolute: `~/` is the home folder, else relative to `folder`.
[[nodiscard]] QString absolutePath(const QString &path, const QString &folder);

/// A path from the repository's root, cleaned; a problem if it leads out of it.
[[nodiscard]] QString repositoryPath(Problems &problems, const Position &at, const QString &path);

/// Reports a name of the user's choosing (of a track, of a database) that could not stand in a link
/// or a journal's subject.
void checkName(Problems &problems, const YamlNode::Entry &entry);

/// A name as Kubernetes takes it (RFC 1123 subdomain).
[[nodiscard]] QString readKubernetesName(Fields &fields, const char *key);

/// The machine itself: localhost, 127.0.0.0/8, ::1.
[[nodiscard]] bool isLoopback(const QString &host);

} // namespace pilothouse
