#pragma once

#include "release/compare/comparison.h"

namespace pilothouse {

/// "7 commits by 3 people"; where it leads back, "takes back 7 commits by 3 people".
[[nodiscard]] QString commitsWords(const Comparison &comparison);
/// "+1 −1, 2 updated", "1 file differs", "0".
[[nodiscard]] QString dependencyWords(const QList<DependencyFile> &files);
/// "2", "2, 1 file unread".
[[nodiscard]] QString valuesWords(const Comparison &comparison);
/// The line DIFF: "7 commits by 3 people · 1 change (organization_id) · chart values 2 ·
/// dependencies +1 · workflows 0".
[[nodiscard]] QString diffSentence(const Comparison &comparison);
/// How the two stand to each other, in one sentence: "c41d77e comes after 9f3c2a1."
[[nodiscard]] QString relationSentence(const Comparison &comparison);
/// "added", "renamed".
[[nodiscard]] QString howWord(ChangedFile::How how);
/// "sha256:4fd1c02a9b31": as much of a digest as tells it from others.
[[nodiscard]] QString shortDigest(const QString &digest);
/// One line of Markdown for a chat.
[[nodiscard]] QString chatLineOf(const Comparison &comparison);

} // namespace pilothouse
