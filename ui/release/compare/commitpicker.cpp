#include "ui/release/compare/commitpicker.h"

#include "release/releasecontroller.h"

namespace pilothouse {
namespace {

constexpr int pickerLength = 30; ///< characters

QString commitText(const CommitId &commit, const QString &words)
{
    return words.isEmpty() ? shortSha(commit)
                           : QStringLiteral("%1   %2").arg(shortSha(commit), words);
}

} // namespace

CommitPicker::CommitPicker(const ReleaseController &release, QWidget *parent) : QComboBox(parent)
{
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(pickerLength);
    for (const ReleaseItem &item : release.releases()) {
        addItem(commitText(item.commit, item.words.isEmpty() ? item.subject : item.words),
                item.commit.value);
        setItemData(count() - 1, item.subject, Qt::ToolTipRole);
    }
    setCurrentIndex(-1);
    connect(this, &QComboBox::activated, this, &CommitPicker::picked);
}

void CommitPicker::setCommit(const CommitId &commit, const QString &words)
{
    int index = findData(commit.value);
    if (index < 0 && !commit.value.isEmpty()) {
        index = count();
        addItem(commitText(commit, words), commit.value);
    }
    setCurrentIndex(index);
}

CommitId CommitPicker::commit() const
{
    return CommitId(currentData().toString());
}

} // namespace pilothouse
