#pragma once

#include "migration/migrationcontroller.h"
#include "migration/overdue/databasestanding.h"
#include "migration/overdue/snooze.h"

#include <QTimer>

#include <functional>
#include <vector>

namespace pilothouse {

/// Reminds of what began and has not ended, in every database of a workspace: joins what the change
/// files say, which the migrations know, with what each database shows unasked. A reminder can be
/// put off, which is written there; it cannot be dismissed. GUI thread.
class Reminders : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        EnvironmentMark environment;
        bool readOnly = false;
    };

    /// Both outlive it.
    Reminders(Settings settings, MigrationController &migrations, ActionRunner &actions,
              QObject *parent = nullptr);

    /// Call before start(). `source` outlives it.
    void addDatabase(const QString &name, TraceSource &source);
    /// Asks each database now, and every ten minutes from now on; sooner those that did not answer,
    /// at once when their server is there again. Again = F5.
    void start();

    /// Every database has answered, or could not, since the last start().
    [[nodiscard]] bool hasRead() const;
    /// In the order of the workspace file; computed from what is known now.
    [[nodiscard]] QList<DatabaseStanding> standings() const;
    /// Of the repository: change files that cannot be read, as sentences.
    [[nodiscard]] QStringList unread() const;

    /// The text of a ticket about a change that is open; nullopt: there is no such change file, or
    /// its facts were not read.
    [[nodiscard]] std::optional<QString> ticket(const ChangeKey &key) const;

    /// The confirmation of putting off a change's reminder until that day; nullopt: the database
    /// has not answered.
    [[nodiscard]] std::optional<Preview>
    snoozePreview(const QString &database, const ChangeName &change, const QDate &until) const;
    [[nodiscard]] Permission maySnooze(const QString &database, const ChangeName &change,
                                       const QDate &until) const;
    /// Reads again; Conflict if the confirmation would be another one now, Refused with every
    /// reason; else intent, statements, proof.
    [[nodiscard]] QFuture<Outcome> snooze(const QString &database, const ChangeName &change,
                                          const QDate &until, const Confirmation &confirmation);

    /// An intent of this object, and what came of one of an earlier console.
    [[nodiscard]] static bool claims(const Record &intent);
    [[nodiscard]] QFuture<Outcome> settle(const Record &intent);

Q_SIGNALS:
    void changed();

private:
    struct Asked
    {
        QString name;
        TraceSource *source = nullptr;
        std::optional<Result<Traces>> traces; ///< nullopt = no answer yet
        int generation = 0;                   ///< of that answer
    };

    void ask();
    void take(size_t index, int generation, const Result<Traces> &traces);
    [[nodiscard]] DatabaseStanding standingOf(const Asked &asked) const;
    [[nodiscard]] std::optional<FiledChange> filed(const ChangeKey &key) const;
    [[nodiscard]] const Asked *databaseNamed(const QString &name) const;
    [[nodiscard]] std::optional<SnoozeInput>
    snoozeInput(const QString &database, const ChangeName &change, const QDate &until) const;
    /// Reads one database's traces again, then goes on.
    void readAgain(const QString &database,
                   const std::function<void(const Result<Traces> &)> &then);
    [[nodiscard]] QFuture<Outcome> journaled(const SnoozeInput &input, const QString &reason);
    [[nodiscard]] QFuture<Outcome> keep(const SnoozeInput &input, const QString &reason,
                                        const IntentId &intent);

    Settings m_settings;
    MigrationController &m_migrations;
    ActionRunner &m_actions;
    std::vector<Asked> m_databases;
    QTimer m_again;
    QTimer m_soon; ///< runs while one has not answered
    int m_generation = 0;
};

} // namespace pilothouse
