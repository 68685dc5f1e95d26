#include "app/cli/layoutcommand.h"

#include "base/words.h"
#include "pipeline/layered/drawncrossings.h"
#include "pipeline/layered/graphfile.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <cstdio>

namespace pilothouse {

namespace {

enum LayoutExit { Fine = 0, WrongUse = 2, CouldNotAct = 4 };

struct LayoutOptions
{
    QString graph;
    QString picture;
    bool asJson = false;
};

int say(LayoutExit code, const QString &sentence)
{
    std::fprintf(stderr, "%s\n", qPrintable(sentence));
    return code;
}

Result<LayoutOptions> layoutOptions(const QStringList &arguments)
{
    const auto usage = [](const QString &what) {
        return fail(ErrorKind::BadInput,
                    Words::tr("%1; use: layout FILE.json [-o FILE.lay] [--json]").arg(what));
    };
    LayoutOptions options;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments[i];
        if (argument == QLatin1String("-o")) {
            if (i + 1 == arguments.size() || !options.picture.isEmpty())
                return usage(Words::tr("-o needs the name of one file"));
            options.picture = arguments[++i];
        } else if (argument == QLatin1String("--json")) {
            options.asJson = true;
        } else if (argument.startsWith(QLatin1Char('-'))) {
            return usage(Words::tr("%1 is not known here").arg(argument));
        } else if (!options.graph.isEmpty()) {
            return usage(Words::tr("one graph at a time"));
        } else {
            options.graph = argument;
        }
    }
    if (options.graph.isEmpty())
        return usage(Words::tr("which graph?"));
    return options;
}

void printLine(const QByteArray &text)
{
    std::fwrite(text.constData(), 1, size_t(text.size()), stdout);
    std::fflush(stdout);
}

} // namespace

int layoutCommand(const QStringList &arguments)
{
    const auto options = layoutOptions(arguments);
    if (!options)
        return say(WrongUse, options.error().message);
    QFile source(options->graph);
    if (!source.open(QIODevice::ReadOnly))
        return say(WrongUse,
                   Words::tr("%1 cannot be read: %2").arg(options->graph, source.errorString()));
    const auto graph = readGraphFile(source.readAll());
    if (!graph)
        return say(WrongUse, QStringLiteral("%1: %2").arg(options->graph, graph.error().message));

    const LayoutResult layout = layoutLayered(graph->input);
    const QByteArray picture = drawingOf(*graph, layout);
    if (!options->picture.isEmpty()) {
        QSaveFile file(options->picture);
        if (!file.open(QIODevice::WriteOnly) || file.write(picture) != picture.size()
            || !file.commit())
            return say(
                CouldNotAct,
                Words::tr("%1 cannot be written: %2").arg(options->picture, file.errorString()));
    } else if (!options->asJson) {
        printLine(picture);
    }
    if (options->asJson) {
        const QJsonObject line{
            {QStringLiteral("nodes"), graph->input.nodes.size()},
            {QStringLiteral("edges"), graph->input.edges.size()},
            {QStringLiteral("crossings"), drawnCrossings(layout.edges)},
            {QStringLiteral("width"), layout.size.height()},
            {QStringLiteral("height"), layout.size.width()},
            {QStringLiteral("lay"), options->picture},
        };
        printLine(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
    }
    return Fine;
}

} // namespace pilothouse
