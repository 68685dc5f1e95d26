#include "migration/overdue/traces.h"

#include "base/words.h"
#include "migration/recipe/sqltext.h"

#include <algorithm>
#include <array>

namespace pilothouse {

namespace {

using Kind = Leftover::Kind;

/// One kind: its word, and its sentences. %1 = the object, %2 = the table, both as SQL.
struct KindWords
{
    const char *word;
    QString (*title)(const QString &object);
    QString (*words)(const QString &object, const QString &table);
    QString (*todo)(const QString &object, const QString &table);
};

const KindWords &wordsOf(Kind kind)
{
    using Text = const QString &;
    static const std::array<KindWords, 7> all{{
        {"not-valid-constraint",
         [](Text object) { return Words::tr("NOT VALID constraint %1").arg(object); },
         [](Text object, Text table) {
             return Words::tr("constraint %1 of %2 is NOT VALID: old rows were never checked")
                 .arg(object, table);
         },
         [](Text object, Text table) {
             return Words::tr("ALTER TABLE %2 VALIDATE CONSTRAINT %1, or drop it")
                 .arg(object, table);
         }},
        {"invalid-index", [](Text object) { return Words::tr("invalid index %1").arg(object); },
         [](Text object, Text table) {
             return Words::tr("index %1 of %2 is invalid: it costs every write and serves no "
                              "query")
                 .arg(object, table);
         },
         [](Text object, Text) {
             return Words::tr("REINDEX INDEX CONCURRENTLY %1, or DROP INDEX CONCURRENTLY")
                 .arg(object);
         }},
        {"proved-not-tightened",
         [](Text object) { return Words::tr("proved, not tightened: %1").arg(object); },
         [](Text object, Text table) {
             return Words::tr("check %1 proves a column of %2, which is still nullable")
                 .arg(object, table);
         },
         [](Text object, Text) {
             return Words::tr("SET NOT NULL, which needs no scan now; then drop %1").arg(object);
         }},
        {"redundant-check", [](Text object) { return Words::tr("redundant check %1").arg(object); },
         [](Text object, Text table) {
             return Words::tr("check %1 of %2 says what NOT NULL says already").arg(object, table);
         },
         [](Text object, Text table) {
             return Words::tr("ALTER TABLE %2 DROP CONSTRAINT %1").arg(object, table);
         }},
        {"sync-trigger", [](Text object) { return Words::tr("nobody's trigger %1").arg(object); },
         [](Text object, Text table) {
             return Words::tr("trigger %1 of %2 fills in a column for a change that nobody knows")
                 .arg(object, table);
         },
         [](Text object, Text table) {
             return Words::tr("find its change file, or DROP TRIGGER %1 ON %2 once no old code "
                              "writes")
                 .arg(object, table);
         }},
        {"pgroll-column", [](Text object) { return Words::tr("open in pgroll: %1").arg(object); },
         [](Text object, Text table) {
             return Words::tr("column %1 of %2 belongs to a migration of pgroll that is open")
                 .arg(object, table);
         },
         [](Text, Text) {
             return Words::tr("pgroll complete, or pgroll rollback");
         }},
        {"unreadable-marker",
         [](Text object) { return Words::tr("unreadable marker at %1").arg(object); },
         [](Text object, Text table) {
             return Words::tr("the comment of column %1 of %2 begins with \"pilothouse:\" and "
                              "cannot be read")
                 .arg(object, table);
         },
         [](Text object, Text table) {
             return Words::tr("COMMENT ON COLUMN %2.%1 with what was meant, or IS NULL")
                 .arg(object, table);
         }},
    }};
    return all[size_t(kind)];
}

/// "once", "3 times"
QString timesWords(int times)
{
    return times == 1 ? Words::tr("once") : Words::tr("%1 times").arg(times);
}

} // namespace

bool isOpen(const RecordedChange &recorded)
{
    bool open = true; // it is registered by the transaction that does E1
    for (const QString &step : recorded.steps) {
        if (step == QLatin1String("E1") || step == QLatin1String("-C5"))
            open = true;
        else if (step == QLatin1String("-E1") || step == QLatin1String("C5"))
            open = false;
    }
    return open;
}

QString leftoverTitle(const Leftover &leftover)
{
    return wordsOf(leftover.kind).title(leftover.object);
}

QString leftoverWords(const Leftover &leftover)
{
    return wordsOf(leftover.kind).words(sqlName(leftover.object), sqlName(leftover.table));
}

QString leftoverTodo(const Leftover &leftover)
{
    // An index is named with its schema, which is that of its table.
    const bool isIndex = leftover.kind == Kind::InvalidIndex;
    return wordsOf(leftover.kind)
        .todo(isIndex ? sqlName(TableName{leftover.table.schema, leftover.object})
                      : sqlName(leftover.object),
              sqlName(leftover.table));
}

QString leftoverKindWord(Kind kind)
{
    return QLatin1String(wordsOf(kind).word);
}

SnoozeHistory historyOf(const ChangeName &change, const QList<Snooze> &snoozes)
{
    SnoozeHistory history;
    for (const Snooze &snooze : snoozes) {
        if (snooze.change != change)
            continue;
        ++history.times;
        history.days += int(std::max<qint64>(0, snooze.at.date().daysTo(snooze.until)));
        history.until = snooze.until;
        history.by = snooze.actor;
        history.reason = snooze.reason;
    }
    return history;
}

QString snoozedWords(const SnoozeHistory &history)
{
    return history.times == 0 ? QString()
                              : Words::tr("snoozed %1, %2 days in total")
                                    .arg(timesWords(history.times))
                                    .arg(history.days);
}

} // namespace pilothouse
