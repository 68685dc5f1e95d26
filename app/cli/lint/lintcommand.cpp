#include "app/cli/lint/lintcommand.h"

#include "app/cli/lint/lintreport.h"
#include "app/cli/lint/livedatabase.h"
#include "base/words.h"

#include <QFile>
#include <QJsonDocument>

#include <cstdio>

namespace pilothouse {
namespace {

constexpr int oldestServer = 150000;

enum LintExit { NothingBlocks = 0, SomethingBlocks = 1, LintMisused = 2 };

struct LintOptions
{
    QString file;
    QString database; ///< whose catalog is read; empty = none
    QString workspace;
    std::optional<ChangePhase> phase;
    std::optional<int> server;
    LintFile::Wrapped wrapped = LintFile::Wrapped::No;
    bool rehearse = false;
    bool json = false;
};

std::optional<ChangePhase> phaseNamed(const QString &word)
{
    for (const ChangePhase phase :
         {ChangePhase::Expand, ChangePhase::Migrate, ChangePhase::Contract}) {
        if (phaseWord(phase) == word)
            return phase;
    }
    return std::nullopt;
}

/// "18", "15.4" or "180004", as server_version_num has it; 0 = it is none.
int serverNumber(const QString &text)
{
    const QStringList parts = text.split(QLatin1Char('.'));
    bool isNumber = false;
    const int major = parts.value(0).toInt(&isNumber);
    if (!isNumber || parts.size() > 2 || major < 10)
        return 0;
    if (major >= 100'000)
        return major;
    const int minor = parts.size() == 2 ? parts[1].toInt(&isNumber) : 0;
    return isNumber && major < 100 ? major * 10'000 + minor : 0;
}

Result<LintOptions> lintOptions(const QStringList &arguments)
{
    const auto usage = [](const QString &what) {
        return fail(ErrorKind::BadInput,
                    Words::tr("%1; use: lint FILE.sql --phase expand|migrate|contract [--pg N] "
                              "[--in-transaction] [--json] [--database NAME [--rehearse] "
                              "[--workspace FILE]]")
                        .arg(what));
    };
    LintOptions options;
    QStringList rest = arguments;
    while (!rest.isEmpty()) {
        const QString argument = rest.takeFirst();
        if (argument == QLatin1String("--json")) {
            options.json = true;
        } else if (argument == QLatin1String("--rehearse")) {
            options.rehearse = true;
        } else if (argument == QLatin1String("--in-transaction")) {
            options.wrapped = LintFile::Wrapped::InTransaction;
        } else if (argument == QLatin1String("--phase")) {
            options.phase = phaseNamed(rest.isEmpty() ? QString() : rest.takeFirst());
            if (!options.phase)
                return usage(Words::tr("--phase takes expand, migrate or contract"));
        } else if (argument == QLatin1String("--pg")) {
            options.server = serverNumber(rest.isEmpty() ? QString() : rest.takeFirst());
            if (*options.server == 0)
                return usage(Words::tr("--pg takes a version of PostgreSQL, such as 15 or 18.1"));
        } else if (argument == QLatin1String("--database")
                   || argument == QLatin1String("--workspace")) {
            QString &value
                = argument == QLatin1String("--database") ? options.database : options.workspace;
            value = rest.isEmpty() ? QString() : rest.takeFirst();
            if (value.isEmpty() || value.startsWith(QLatin1String("--")))
                return usage(Words::tr("%1 takes a name").arg(argument));
        } else if (argument.startsWith(QLatin1String("--"))) {
            return usage(Words::tr("%1 is not known here").arg(argument));
        } else if (!options.file.isEmpty()) {
            return usage(Words::tr("one file at a time"));
        } else {
            options.file = argument;
        }
    }
    if (options.file.isEmpty())
        return usage(Words::tr("which file?"));
    if (!options.phase)
        return usage(Words::tr("for which phase?"));
    if (!options.database.isEmpty() && options.server)
        return usage(Words::tr("--pg is what the database says itself"));
    if (options.database.isEmpty() && options.rehearse)
        return usage(Words::tr("--rehearse copies the schema of a --database: which?"));
    if (options.database.isEmpty() && !options.workspace.isEmpty())
        return usage(Words::tr("--workspace is for --database"));
    return options;
}

int misusedLint(const QString &sentence)
{
    std::fprintf(stderr, "%s\n", qPrintable(sentence));
    return LintMisused;
}

} // namespace

int lintCommand(const QStringList &arguments)
{
    const auto options = lintOptions(arguments);
    if (!options)
        return misusedLint(options.error().message);
    QFile file(options->file);
    const bool isOpen = options->file == QLatin1String("-") ? file.open(stdin, QIODevice::ReadOnly)
                                                            : file.open(QIODevice::ReadOnly);
    if (!isOpen)
        return misusedLint(
            Words::tr("%1 cannot be read: %2").arg(options->file, file.errorString()));
    const QByteArray sql = file.readAll();
    LintSettings settings;
    settings.phase = *options->phase;
    settings.server = options->server.value_or(oldestServer);
    settings.wrapped = options->wrapped;
    LintReport report;
    report.file = options->file;
    report.statements = readSql(sql);
    std::optional<LiveCatalog> live;
    if (!options->database.isEmpty()) {
        const auto database = LiveDatabase::of(
            options->workspace.isEmpty() ? QStringLiteral("pilothouse.yaml") : options->workspace,
            options->database);
        if (!database)
            return misusedLint(database.error().message);
        const auto catalog = (*database)->catalog(tablesOf(report.statements),
                                                  guardedColumnsOf(report.statements));
        if (!catalog)
            return misusedLint(catalog.error().message);
        live = *catalog;
        settings.server = live->server;
        settings.catalog = &live->catalog;
        if (options->rehearse) {
            const auto rehearsal = (*database)->rehearse(sql, report.statements);
            if (!rehearsal)
                return misusedLint(rehearsal.error().message);
            report.rehearsal = besideTheRules(
                *rehearsal, sql, LintFile(report.statements, settings.wrapped, settings.catalog));
        }
    }
    report.settings = settings;
    report.findings = lintSql(sql, settings);
    const QByteArray text
        = options->json ? QJsonDocument(lintJson(report)).toJson(QJsonDocument::Compact) + '\n'
                        : lintText(report).toUtf8();
    std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
    std::fflush(stdout);
    return isFine(report) ? NothingBlocks : SomethingBlocks;
}

} // namespace pilothouse
