#pragma once

#include "release/compare/comparison.h"

namespace pilothouse {

inline CommitId sampleId(char letter)
{
    return CommitId(QString(40, QLatin1Char(letter)));
}

inline Commit sampleCommit(char letter, const QString &subject,
                           const QString &author = QStringLiteral("A. Muster"),
                           const QString &body = {})
{
    Commit commit;
    commit.id = sampleId(letter);
    commit.subject = subject;
    commit.author = author;
    commit.body = body;
    commit.at = QDateTime(QDate(2026, 11, 24), QTime(13, 27), Qt::UTC);
    return commit;
}

/// A release with something in each section: c… compared with stable 9….
inline Comparison sampleComparison()
{
    using How = ChangedFile::How;
    const auto t = [](const char *text) {
        return QString::fromUtf8(text);
    };
    Comparison made;
    made.from = sampleId('9');
    made.to = sampleId('c');
    made.relation = Relation::Newer;
    made.brought = comparedCommits(
        {{sampleCommit('c', t("Keep the connection until the answer is sent (#418)")),
          sampleCommit('d', t("Merge pull request #417 from novak/scope"), t("B. Novak"),
                       t("Scope search by organization\n\nmore")),
          sampleCommit('e', t("a page that says what is wrong"), t("C. Huber"))},
         false});
    made.files = {
        {{t("migrations/changes/conversations-organization-id.yaml"), {}, How::Modified},
         FileKind::Change},
        {{t("helm/app/values-production.yaml"), {}, How::Modified}, FileKind::Values},
        {{t("helm/app/templates/route.yaml"), {}, How::Added}, FileKind::Chart},
        {{t("poetry.lock"), {}, How::Modified}, FileKind::Dependencies},
        {{t("core/search.py"), t("core/find.py"), How::Renamed}, FileKind::Code},
    };
    ChangeDifference change;
    change.path = made.files[0].file.path;
    change.name = ChangeName(t("conversations-organization-id"));
    change.column = t("organization_id");
    change.readyBefore = false;
    change.readyAfter = true;
    change.phase = t("MIGRATE 62 % on context");
    made.changes = {change};
    made.values = {{t("helm/app/values-production.yaml"),
                    {{t("pool.size"), t("5"), t("10")}, {t("pool.timeout"), {}, t("0.15")}},
                    {}}};
    made.dependencies = {{t("poetry.lock"), {{t("starlette"), {}, t("0.48.0")}}, {}}};
    made.images = {{t("standalone"), t("sha256:4fd1c02a9b31e0aa77"), {}}};
    return made;
}

/// The same the other way round, as for a rollback.
inline Comparison sampleWayBack()
{
    Comparison made = sampleComparison();
    std::swap(made.from, made.to);
    std::swap(made.brought, made.takenBack);
    made.relation = Relation::Older;
    return made;
}

} // namespace pilothouse
