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
        return fail(ErrorKind::BadInput,
                    Words::tr("%1; use: judge --vectors FILE [--solver kayenta|exact]").arg(what));
    };
    JudgeOptions options;
    for (qsizetype i = 0; i < arguments.size(); i += 2) {
        const QString &argument = arguments[i];
        const QString value = arguments.value(i + 1);
        if (argument == QLatin1String("--vectors")) {
            if (value.isEmpty() || !options.file.isEmpty())
                return usage(Words::tr("--vectors needs the name of one file"));
            options.file = value;
        } else if (argument == QLatin1String("--solver")) {
            if (value == QLatin1String("exact"))
                options.solver = Solver::Exact;
            else if (value == QLatin1String("kayenta"))
                options.solver = Solver::KayentaCompatible;
            else
                return usage(Words::tr("--solver takes kayenta or exact"));
        } else {
            return usage(Words::tr("%1 is not known here").arg(argument));
        }
    }
    if (options.file.isEmpty())
        return usage(Words::tr("which vectors?"));
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
