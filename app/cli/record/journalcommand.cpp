#include "app/cli/record/journalcommand.h"

#include "app/cli/commands.h"
#include "app/wiring/places.h"
#include "base/words.h"
#include "journal/sqlitejournal.h"
#include "release/incident/report.h"
#include "release/lately.h"
#include "workspace/workspacefile.h"

#include <QCommandLineParser>
#include <QFileInfo>

#include <limits>

namespace pilothouse {
namespace {

const QString journalName = QStringLiteral("journal");
constexpr int newestLines = 50;

enum JournalExit { RecordsTold = 0, ChainBroken = 1, NothingRecorded = 3 };

struct JournalOptions
{
    enum class What { Lines, Incidents, Report, Export, Verify };

    QString workspace;
    What what = What::Lines;
    int limit = newestLines;
    bool asJson = false;
};

Result<JournalOptions> journalOptions(const QStringList &arguments)
{
    using What = JournalOptions::What;
    QCommandLineParser parser;
    const QCommandLineOption workspace(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                       QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption limit(QStringLiteral("limit"), {}, QStringLiteral("N"),
                                   QString::number(newestLines));
    const QCommandLineOption json(QStringLiteral("json"));
    const std::pair<QCommandLineOption, What> kinds[]
        = {{QCommandLineOption(QStringLiteral("incidents")), What::Incidents},
           {QCommandLineOption(QStringLiteral("report")), What::Report},
           {QCommandLineOption(QStringLiteral("export")), What::Export},
           {QCommandLineOption(QStringLiteral("verify")), What::Verify}};
    parser.addOptions({workspace, limit, json});
    for (const auto &[option, what] : kinds)
        parser.addOption(option);
    if (!parser.parse(QStringList{journalName} + arguments))
        return fail(ErrorKind::BadInput, parser.errorText());
    if (!parser.positionalArguments().isEmpty())
        return fail(
            ErrorKind::BadInput,
            Words::tr("%1 is not known here.").arg(parser.positionalArguments().constFirst()));
    JournalOptions options;
    options.workspace = parser.value(workspace);
    options.asJson = parser.isSet(json);
    for (const auto &[option, what] : kinds) {
        if (!parser.isSet(option))
            continue;
        if (options.what != What::Lines)
            return fail(ErrorKind::BadInput,
                        Words::tr("Of --incidents, --report, --export and --verify give one."));
        options.what = what;
    }
    bool isNumber = false;
    options.limit = parser.value(limit).toInt(&isNumber);
    if (!isNumber || options.limit < 1)
        return fail(ErrorKind::BadInput,
                    Words::tr("--limit %1 is no count of records.").arg(parser.value(limit)));
    return options;
}

void printLines(const QList<Record> &records, const JournalOptions &options)
{
    if (options.asJson) {
        for (const Record &record : records.mid(0, options.limit))
            printJson(recordJson(record));
        return;
    }
    for (const LatelyLine &line : linesOf(records).mid(0, options.limit))
        print(
            QStringLiteral("%1  %2  %3\n").arg(line.at.toString(Qt::ISODate), line.who, line.what));
}

void printIncident(const Incident &incident)
{
    print(Words::tr("%1  %2  %3 → %4  by %5\n  %6\n")
              .arg(incident.confirmedAt.toString(Qt::ISODate), incident.track.value,
                   shortSha(incident.bad), shortSha(incident.to), incident.by,
                   scoreWords(incident)));
    for (const QString &miss : missesOf(incident))
        print(QStringLiteral("  ! %1\n").arg(miss));
}

int tellIncidents(const QList<Record> &records, const JournalOptions &options)
{
    const QList<Incident> incidents = incidentsOf(records);
    if (incidents.isEmpty()) {
        complain(Words::tr("No rollback is in this journal."));
        return NothingRecorded;
    }
    if (options.what == JournalOptions::What::Report) {
        if (options.asJson)
            printJson(incidentJson(incidents.constFirst()));
        else
            print(incidentMarkdown(incidents.constFirst(), records));
        return RecordsTold;
    }
    for (const Incident &incident : incidents.mid(0, options.limit)) {
        if (options.asJson)
            printJson(incidentJson(incident));
        else
            printIncident(incident);
    }
    return RecordsTold;
}

int verify(Journal &journal, const JournalOptions &options)
{
    QFuture<Result<ChainState>> asked = journal.verify();
    asked.waitForFinished();
    const Result<ChainState> chain = asked.result();
    if (!chain) {
        complain(chain.error().message);
        return ChainBroken;
    }
    if (options.asJson)
        printJson({{QStringLiteral("intact"), chain->intact},
                   {QStringLiteral("records"), chain->count},
                   {QStringLiteral("firstBroken"), chain->firstBrokenSeq}});
    else if (chain->intact)
        print(Words::tr("%1 records, the chain holds.\n").arg(chain->count));
    else
        print(Words::tr("The chain is broken at record %1: something outside this program changed "
                        "the file.\n")
                  .arg(chain->firstBrokenSeq));
    return chain->intact ? RecordsTold : ChainBroken;
}

} // namespace

int journalCommand(const QStringList &arguments)
{
    using What = JournalOptions::What;
    const auto options = journalOptions(arguments);
    if (!options)
        return misused(journalName, options.error().message);
    const auto workspace = loadWorkspace(options->workspace);
    if (!workspace)
        return misused(journalName, workspace.error().message);
    const QString file = journalFile(workspace->file);
    if (!QFileInfo::exists(file)) {
        complain(Words::tr("Nothing was ever written down for this workspace on this machine."));
        return NothingRecorded;
    }
    SystemClock clock;
    const auto journal = SqliteJournal::open(file, clock);
    if (!journal) {
        complain(journal.error().message);
        return ChainBroken;
    }
    if (options->what == What::Verify)
        return verify(**journal, *options);
    QFuture<Result<QList<Record>>> asked = (*journal)->newest(std::numeric_limits<int>::max());
    asked.waitForFinished(); // its own thread answers
    const Result<QList<Record>> records = asked.result();
    if (!records) {
        complain(records.error().message);
        return ChainBroken;
    }
    if (options->what == What::Export) {
        for (auto record = records->crbegin(); record != records->crend(); ++record)
            printJson(recordJson(*record));
        return RecordsTold;
    }
    if (options->what == What::Lines) {
        printLines(*records, *options);
        return records->isEmpty() ? NothingRecorded : RecordsTold;
    }
    return tellIncidents(*records, *options);
}

} // namespace pilothouse
