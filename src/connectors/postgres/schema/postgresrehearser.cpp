#include "connectors/postgres/schema/postgresrehearser.h"

#include "base/chaining.h"
#include "base/words.h"
#include "connectors/postgres/passage.h"
#include "connectors/postgres/schema/schemacopy.h"
#include "connectors/postgres/session.h"

namespace pilothouse {

PostgresRehearser::PostgresRehearser(const Settings &settings, std::unique_ptr<Passage> passage,
                                     CommandRunner &runner, QObject *parent)
    : QObject(parent), m_settings(settings), m_passage(std::move(passage)), m_runner(runner),
      m_session(std::make_unique<Session>(settings.scratch, QStringLiteral("rehearsal")))
{}

PostgresRehearser::~PostgresRehearser() = default;

QFuture<Result<CommandOutput>> PostgresRehearser::dump()
{
    const Command command = schemaDump(m_settings.pgDump, m_settings.source);
    if (!m_passage)
        return m_runner.run(command);
    return askNext<CommandOutput>(
        m_passage->open(), this, [this, command](const Result<void> &way) {
            return way ? m_runner.run(command) : ready<CommandOutput>(fail(way.error()));
        });
}

QFuture<Result<Rehearsal>> PostgresRehearser::rehearse(const QByteArray &file,
                                                       const QList<SqlStatement> &statements)
{
    return askNext<Rehearsal>(
        dump(), this, [this, file, statements](const Result<CommandOutput> &dumped) {
            if (!dumped)
                return ready<Rehearsal>(fail(dumped.error()));
            if (dumped->exitCode != 0)
                return ready<Rehearsal>(
                    fail(ErrorKind::Unavailable,
                         Words::tr("The schema of %1 could not be read: %2")
                             .arg(m_settings.source.place(),
                                  QString::fromUtf8(dumped->standardError.trimmed())
                                      .section(QLatin1Char('\n'), 0, 0)),
                         QString::fromUtf8(dumped->standardError)));
            return m_session->submit<Rehearsal>([scratch = m_settings.scratch,
                                                 dump = dumped->standardOutput, file,
                                                 statements](Connection &connection) {
                return rehearseOnCopy(connection, scratch, dump, file, statements);
            });
        });
}

} // namespace pilothouse
