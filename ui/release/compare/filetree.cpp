#include "ui/release/compare/filetree.h"

#include "release/compare/comparewords.h"
#include "ui/release/compare/comparesections.h"
#include "ui/widgets/theme.h"

#include <QHeaderView>

namespace pilothouse {
namespace {

constexpr int howColumnWidth = 104;

QString sentenceCase(const QString &words)
{
    return words.left(1).toUpper() + words.mid(1);
}

} // namespace

FileTree::FileTree(QWidget *parent) : QTreeWidget(parent)
{
    setObjectName(QStringLiteral("fileTree"));
    setAccessibleName(tr("Files that differ, by kind"));
    setHeaderLabels({tr("File"), tr("Became")});
    setFrameShape(QFrame::NoFrame);
    setAllColumnsShowFocus(true);
    setUniformRowHeights(true);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(0, QHeaderView::Stretch);
    header()->setSectionResizeMode(1, QHeaderView::Fixed);
    header()->resizeSection(1, howColumnWidth);
    setTextElideMode(Qt::ElideMiddle);
}

void FileTree::setComparison(const Comparison &comparison)
{
    clear();
    QFont strong = Theme::instance().textFont();
    strong.setWeight(QFont::DemiBold);
    for (const FileKind kind : {FileKind::Change, FileKind::Values, FileKind::Chart,
                                FileKind::Workflow, FileKind::Dependencies, FileKind::Code}) {
        const QList<ComparedFile> files = filesOf(comparison, kind);
        if (files.isEmpty())
            continue;
        auto *group = new QTreeWidgetItem(
            this, {QStringLiteral("%1  %2").arg(sentenceCase(kindWord(kind))).arg(files.size())});
        group->setFont(0, strong);
        group->setSizeHint(0, {0, compareRowHeight});
        for (const ComparedFile &each : files) {
            const ChangedFile &file = each.file;
            auto *item = new QTreeWidgetItem(
                group,
                {file.before.isEmpty() ? file.path : tr("%1, was %2").arg(file.path, file.before),
                 howWord(file.how)});
            item->setFont(0, Theme::instance().codeFont());
            item->setToolTip(0, item->text(0));
        }
    }
    expandAll();
    if (topLevelItemCount() > 0)
        setCurrentItem(topLevelItem(0)->child(0));
}

} // namespace pilothouse
