// The manifest of a SCORM package with one page: SCORM 1.2 (ADL, 2001) and SCORM 2004 4th edition (ADL, 2009).

/**
 * @param {string} version 1.2 or 2004
 * @param {string} title
 */
export function manifest(version, title) {
  const old = version === "1.2";
  const name = title.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const spaces = old
    ? 'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"'
    : 'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss"';
  const sequencing = old
    ? ""
    : '<imsss:sequencing><imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/></imsss:sequencing>';
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="convscope" version="1" ${spaces}>
<metadata><schema>ADL SCORM</schema><schemaversion>${old ? "1.2" : "2004 4th Edition"}</schemaversion></metadata>
<organizations default="course"><organization identifier="course"><title>${name}</title>
<item identifier="assignment" identifierref="page"><title>${name}</title>${sequencing}</item></organization></organizations>
<resources><resource identifier="page" type="webcontent" adlcp:${old ? "scormtype" : "scormType"}="sco" href="index.html"><file href="index.html"/></resource></resources>
</manifest>
`;
}
