#include "app/cli/judge/judgecommand.h"

#include "app/cli/judge/vectorfile.h"
#include "base/words.h"

#include <QFile>
#include <QJsonDocument>

#include <cstdio>

namespace pilothouse {

namespace {

enum JudgeExit { AllAsExpected = 0, SomeDiffer = 1, JudgeMisused = 2 };

struct JudgeOptions
{
    QString file;
    Solver solver = Solver::KayentaCompatible;
};

Result<JudgeOptions> judgeOptions(const QStringList &arguments)
{
    const auto usage = [](const QString &what) {
        return fail(
            ErrorKind::BadInput,
            Words::tr("%1; use: judge --vectors FILE [--solver kayenta|exact] [--json]").arg(what));
    };
    JudgeOptions options;
    QStringList rest = arguments;
    while (!rest.isEmpty()) {
        const QString argument = rest.takeFirst();
        if (argument == QLatin1String("--json"))
            continue; // it never prints anything else
        if (argument != QLatin1String("--vectors") && argument != QLatin1String("--solver"))
            return usage(Words::tr("%1 is not known here").arg(argument));
        const QString value = rest.isEmpty() ? QString() : rest.takeFirst();
        if (argument == QLatin1String("--vectors")) {
            if (value.isEmpty() || !options.file.isEmpty())
                return usage(Words::tr("--vectors needs the name of one file"));
            options.file = value;
        } else if (value == QLatin1String("exact")) {
            options.solver = Solver::Exact;
        } else if (value != QLatin1String("kayenta")) {
            return usage(Words::tr("--solver takes kayenta or exact"));
        }
    }
    if (options.file.isEmpty())
        return usage(Words::tr("which vectors, or --from when?"));
    return options;
}

int misusedJudge(const QString &sentence)
{
    std::fprintf(stderr, "%s\n", qPrintable(sentence));
    return JudgeMisused;
}

} // namespace

int judgeCommand(const QStringList &arguments)
{
    const auto options = judgeOptions(arguments);
    if (!options)
        return misusedJudge(options.error().message);
    QFile file(options->file);
    if (!file.open(QIODevice::ReadOnly)) {
        return misusedJudge(
            Words::tr("%1 cannot be read: %2").arg(options->file, file.errorString()));
    }
    const auto lines = judgeVectors(file.readAll(), options->solver);
    if (!lines)
        return misusedJudge(QStringLiteral("%1: %2").arg(options->file, lines.error().message));
    bool all = true;
    for (const QJsonObject &line : *lines) {
        all = all && line.value(QLatin1String("ok")).toBool();
        const QByteArray text = QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n';
        std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
    }
    std::fflush(stdout);
    return all ? AllAsExpected : SomeDiffer;
}

} // namespace pilothouse
